using System.Text;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Invocation;

/// <summary>A function whose only argument is the JSON of all arguments, as the loops of model clients have it.</summary>
public class JsonArgumentsTests
{
    private static readonly WrappedToolOptions s_json = new() { JsonArguments = true };

    private static readonly Func<GovernedHost, string, string>[] s_forms =
    [
        (host, json) => host.Wrap((string arguments) => arguments, s_json)(json),
        (host, json) => Encoding.UTF8.GetString(host.Wrap((byte[] arguments) => arguments, s_json)(Encoding.UTF8.GetBytes(json))),
        (host, json) => Encoding.UTF8.GetString(host.Wrap((ReadOnlyMemory<byte> arguments) => arguments, s_json)(Encoding.UTF8.GetBytes(json)).Span),
        (host, json) => host.Wrap((BinaryData arguments) => arguments, s_json)(BinaryData.FromString(json)).ToString(),
        (host, json) => host.Wrap((CancellationToken _, BinaryData arguments) => arguments, s_json)(CancellationToken.None, BinaryData.FromString(json)).ToString(),
    ];

    private static readonly Func<GovernedHost, object?>[] s_absent =
    [
        host => host.Wrap((string? arguments) => arguments, s_json)(null), host => host.Wrap((byte[]? arguments) => arguments, s_json)(null),
        host => host.Wrap((ReadOnlyMemory<byte> arguments) => arguments, s_json)(default), host => host.Wrap((BinaryData? arguments) => arguments, s_json)(null),
        host => host.Wrap((string arguments) => arguments, s_json)("{\"a\":\"\ud800\"}"),
        host => host.Wrap((byte[] arguments) => arguments, s_json)([.. "{\"a\":\""u8, 0xff, .. "\"}"u8]),
    ];

    [Test]
    public async Task Call_WithJson_ShowsTheObjectAndRunsOnTheSame([Range(0, 4)] int form)
    {
        var call = s_forms[form];
        await using var host = WrappedTools.Host();

        Assert.That(call(host, """{"query":"x", "deep":[{"a":"é"}]}"""), Is.EqualTo("""{"query":"x", "deep":[{"a":"é"}]}"""));

        using var shown = System.Text.Json.JsonDocument.Parse(host.LastArguments);
        Assert.That(shown.RootElement.GetProperty("query").GetString(), Is.EqualTo("x"));
        Assert.That(shown.RootElement.GetProperty("deep")[0].GetProperty("a").GetString(), Is.EqualTo("é"));
    }

    [Test]
    public async Task Call_Modified_RunsOnTheNewJson([Range(0, 4)] int form)
    {
        var call = s_forms[form];
        await using var host = WrappedTools.Host();
        host.Enforcer.Decide = _ => WrappedTools.Decision(DecisionType.Modify) with { ModifiedToolArgs = WrappedTools.Json("""{"query":"y"}""") };

        Assert.That(call(host, """{"query":"x"}"""), Is.EqualTo("""{"query":"y"}"""));
    }

    [Test]
    public async Task Call_WithWhatIsNotOneUnambiguousObject_IsRefused(
        [Range(0, 4)] int form,
        [Values("", "x", "[]", "1", "null", "\"{}\"", """{"a":1,"a":2}""", """{"a":{"b":1,"b":2}}""", """{"a":1,"\u0061":2}""", """{"a":"\ud800"}""",
            """{"\udc00":1}""", """[{"a":1}]""", "{} {}", "{", "{/**/}", """{"a":1,}""", "\ufeff{}")] string json)
    {
        var call = s_forms[form];
        await using var host = WrappedTools.Host();

        Assert.That(() => call(host, json), Throws.TypeOf<PolicyViolationException>()
            .With.Property(nameof(PolicyViolationException.SdkReasonCode)).EqualTo(SdkReasonCodes.ToolArgsNotSerializable));

        Assert.That(host.Enforcer.Requests, Is.Empty);
        Assert.That(await host.EventNamesAsync(), Is.EqualTo((string[])["ToolCallPre/Pre", "ToolCallBlock/Block"]));
    }

    [Test]
    public async Task Call_WithNothingOrInvalidText_IsRefused([Range(0, 5)] int form)
    {
        var call = s_absent[form];
        await using var host = WrappedTools.Host();

        Assert.That(() => call(host), Throws.TypeOf<PolicyViolationException>()
            .With.Property(nameof(PolicyViolationException.SdkReasonCode)).EqualTo(SdkReasonCodes.ToolArgsNotSerializable));
    }

    [Test]
    public async Task Call_WhoseBytesChangeWhileItIsEvaluated_RunsOnThoseThatWereShown()
    {
        await using var host = WrappedTools.Host();
        var bytes = """{"a":1}"""u8.ToArray();
        host.Enforcer.Decide = _ =>
        {
            bytes[5] = (byte)'9';
            return WrappedTools.Decision(DecisionType.Allow);
        };

        var ran = host.Wrap((byte[] arguments) => Encoding.UTF8.GetString(arguments), s_json)(bytes);

        Assert.That((host.LastArguments, ran), Is.EqualTo(("""{"a":1}""", """{"a":1}""")));
    }

    [Test]
    public async Task Wrap_AFunctionWithoutSuchAnArgument_IsRefused()
    {
        await using var host = WrappedTools.Host();

        Assert.Multiple(() =>
        {
            Assert.That(() => host.Wrap((int arguments) => arguments, s_json), Throws.ArgumentException.With.Message.Contain("JsonArguments"));
            Assert.That(() => host.Wrap((string a, string b) => a + b, s_json), Throws.ArgumentException.With.Message.Contain("one parameter"));
            Assert.That(() => host.Wrap(() => 1, s_json), Throws.ArgumentException);
        });
    }
}
