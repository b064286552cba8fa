using System.Text.Json;
using Thoth.Interception.LocalPolicy.Loading;

namespace Thoth.Interception.Tests.LocalPolicy.Loading;

/// <summary>Checks that the JSON schema for editors lists the same keys and values as the loader.</summary>
public sealed class PolicySchemaTests
{
    private static readonly string[] Quantifiers = ["any", "all"];
    private static readonly string[] Negation = ["not"];
    private static readonly string[] NeverNegated = ["not", "exists"];

    private static readonly JsonElement Schema =
        JsonElement.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "thoth.policy.schema.json")));

    [Test]
    public void Schema_Keys_EqualThoseOfTheLoader()
    {
        using (Assert.EnterMultipleScope())
        {
            AssertKeys(Schema, PolicyKeys.Policy);
            AssertKeys(Def("rule"), PolicyKeys.Rule);
            AssertKeys(Def("when"), PolicyKeys.Conditions);
            AssertKeys(Def("textTests"), PolicyKeys.TextOperators);
            AssertKeys(Def("negatedTextTests"), [.. PolicyKeys.TextOperators.Except(NeverNegated)]);
            AssertKeys(Def("argumentTests"), PolicyKeys.ArgumentOperators);
            AssertKeys(Def("elementTests"), [.. PolicyKeys.ArgumentOperators.Except(Quantifiers)]);
            AssertKeys(
                Def("negatedArgumentTests"), [.. PolicyKeys.ArgumentOperators.Except(Quantifiers).Except(NeverNegated)]);
            AssertKeys(Def("history"), PolicyKeys.HistoryOperators);
            AssertKeys(Def("negatedHistory"), [.. PolicyKeys.HistoryOperators.Except(Negation)]);
            AssertKeys(Def("count"), PolicyKeys.Count);
            AssertKeys(Def("modify"), PolicyKeys.Modify);
        }
    }

    [Test]
    public void Schema_Values_EqualThoseOfTheLoader()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Texts(Def("action").GetProperty("enum")), Is.EquivalentTo(PolicyKeys.Actions));
            Assert.That(
                Texts(Def("rule").GetProperty("properties").GetProperty("decision").GetProperty("enum")),
                Is.EquivalentTo(PolicyKeys.Decisions));
            Assert.That(Texts(Def("rule").GetProperty("required")), Is.EquivalentTo((string[])["id", "tools", "decision"]));
        }
    }

    [Test]
    public void Schema_EachObject_RefusesUnknownKeys()
    {
        foreach (var def in Schema.GetProperty("$defs").EnumerateObject())
        {
            if (def.Value.TryGetProperty("properties", out _))
            {
                Assert.That(def.Value.GetProperty("additionalProperties").ValueKind, Is.EqualTo(JsonValueKind.False), def.Name);
            }
        }
    }

    [Test]
    public void Schema_EachReference_HasADefinition()
    {
        foreach (var reference in References(Schema))
        {
            Assert.That(Schema.GetProperty("$defs").TryGetProperty(reference["#/$defs/".Length..], out _), Is.True, reference);
        }
    }

    private static IEnumerable<string> References(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(member =>
            member is { Name: "$ref", Value.ValueKind: JsonValueKind.String } ? [member.Value.GetString()!] : References(member.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(References),
        _ => [],
    };

    private static JsonElement Def(string name) => Schema.GetProperty("$defs").GetProperty(name);

    private static void AssertKeys(JsonElement schema, string[] known) =>
        Assert.That(schema.GetProperty("properties").EnumerateObject().Select(member => member.Name), Is.EquivalentTo(known));

    private static string[] Texts(JsonElement list) => [.. list.EnumerateArray().Select(item => item.GetString()!)];
}
