using System.Text;
using System.Text.Json;
using Thoth.Interception.LocalPolicy.Matching;

namespace Thoth.Interception.Tests.LocalPolicy.Matching;

public sealed class FlatArgumentsTests
{
    [TestCase("""{"a":"x","n":12.5}""", "n")]
    [TestCase("""{"a":"x","n":"12.5"}""", "n")]
    [TestCase("""{"n":true,"a":null}""", "n")]
    [TestCase("""{"n":false}""", "n")]
    [TestCase("""{"n":null}""", "n")]
    [TestCase("""{"n":1e400}""", "n")]
    [TestCase("""{"n":""}""", "n")]
    [TestCase("""{"a":1}""", "n")]
    [TestCase("""{"N":1}""", "n")]
    [TestCase("{}", "n")]
    public void TryFind_FlatObject_EqualsTheDocument(string json, string name)
    {
        var found = FlatArguments.TryFind(Encoding.UTF8.GetBytes(json), Encoding.UTF8.GetBytes(name), out var value);

        Assert.That(found, Is.True);
        using var document = JsonDocument.Parse(json);
        var expected = document.RootElement.TryGetProperty(name, out var element) ? new CallValue(element) : CallValue.Missing;
        Assert.That(value.Kind, Is.EqualTo(expected.Kind));
        switch (expected.Kind)
        {
            case CallValueKind.String:
                Assert.That(value.Text, Is.EqualTo(expected.Text));
                Assert.That(value.TextEquals(expected.Text), Is.True);
                break;
            case CallValueKind.Number:
                Assert.That(value.Number.CompareTo(expected.Number), Is.Zero);
                break;
            case CallValueKind.Boolean:
                Assert.That(value.Boolean, Is.EqualTo(expected.Boolean));
                break;
        }
    }

    [TestCase("""{"n":1,"n":2}""", Description = "a duplicate name")]
    [TestCase("""{"a":1,"a":2,"n":1}""", Description = "another duplicate name")]
    [TestCase("""{"\u006e":1,"n":2}""", Description = "an escaped name")]
    [TestCase("""{"n":[1]}""", Description = "an array")]
    [TestCase("""{"n":1,"o":{"a":1,"a":2}}""", Description = "an object")]
    [TestCase("""{"a":1,"b":2,"c":3,"d":4,"e":5,"f":6,"g":7,"h":8,"n":9}""", Description = "many")]
    [TestCase("[1]", Description = "not an object")]
    [TestCase("", Description = "empty")]
    public void TryFind_OtherArguments_AreLeftToTheDocument(string json)
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        Assert.That(() => bytes.Length > 0 && FlatArguments.TryFind(bytes, "n"u8, out _), Is.False);
    }

    [TestCase("""{"n":1} {"n":2}""")]
    [TestCase("""{"n":1""")]
    [TestCase("""{"n":1,}""")]
    public void TryFind_MalformedJson_Throws(string json) =>
        Assert.That(() => FlatArguments.TryFind(Encoding.UTF8.GetBytes(json), "n"u8, out _), Throws.InstanceOf<JsonException>());
}
