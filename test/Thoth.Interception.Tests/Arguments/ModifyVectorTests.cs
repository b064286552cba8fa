using System.Text.Json;
using Thoth.Interception.Tests.Support;
using static Thoth.Interception.Tests.Arguments.ModifyCase;

namespace Thoth.Interception.Tests.Arguments;

/// <summary>
/// The <c>modify</c> cases of the Thoth SDKs' conformance vectors, on methods with the parameters that each case's call has. Two
/// depend on a callable of any arity, which a .NET method is not: its parameters have to be optional
/// (<c>modify-args-list-shorter</c>, <c>modify-args-empty-list</c>). <c>modify-args-and-kwargs</c> has a named argument
/// beside the positional one, <c>modify-arg0-and-arg1-single</c> cannot bind two values to one parameter, as its note says.
/// </summary>
public class ModifyVectorTests
{
    private static Delegate Scalar(List<object?> got) => (string text) => got.Add(text);

    private static Delegate Pair(List<object?> got) => (string a, string b) => got.AddRange([a, b]);

    private static Delegate Whole(List<object?> got) => (JsonElement arguments) => got.Add(arguments.GetRawText());

    private static Delegate Named(List<object?> got) => (string path) => got.Add(path);

    private static IEnumerable<TestCaseData> Executed()
    {
        yield return Case("modify-arg0-scalar", """{"arg0":"sanitized"}""", Scalar, ["original"], ["sanitized"]);
        yield return Case(
            "modify-object-replace", """{"path":"/tmp/safe.txt","redacted":true}""", Whole,
            [WrappedTools.Json("""{"path":"/etc/passwd","keep":1}""")], ["""{"path":"/tmp/safe.txt","redacted":true}"""]);
        yield return Case("modify-args-list", """{"args":["x","y"]}""", Pair, ["a", "b"], ["x", "y"]);
        yield return Case(
            "modify-args-list-shorter", """{"args":["x"]}""", got => (string a, string? b = null) => got.AddRange([a, b]), ["a", "b"], ["x", null]);
        yield return Case("modify-args-empty-list", """{"args":[]}""", got => (string? a = null) => got.Add(a), ["a"], [null]);
        yield return Case(
            "modify-args-and-kwargs", """{"args":["x"],"kwargs":{"k":2}}""", got => (string a, int k) => got.AddRange([a, k]), ["a", 1], ["x", 2]);
        yield return Case("modify-indexed-two", """{"arg0":"x","arg1":"y"}""", Pair, ["a", "b"], ["x", "y"]);
        yield return Case("modify-named-call", """{"path":"/tmp/safe.txt"}""", Named, ["/etc/passwd"], ["/tmp/safe.txt"]);
    }

    private static IEnumerable<TestCaseData> Blocked()
    {
        yield return Case("modify-indexed-gap", """{"arg0":"x","arg2":"z"}""", Pair, ["a", "b"], []);
        yield return Case("modify-unmappable-key", """{"query":"safe"}""", Scalar, ["unsafe"], []);
        yield return Case("modify-arg0-and-arg1-single", """{"arg0":"x","arg1":"y"}""", Scalar, ["a"], []);
        yield return Case("modify-empty-object", "{}", Whole, [WrappedTools.Json("""{"secret":1}""")], []);
    }

    [TestCaseSource(nameof(Executed))]
    public async Task Vector_Executed_RunsWithTheEffectiveArguments(string modified, Func<List<object?>, Delegate> tool, object?[] args, object?[] effective) =>
        Assert.That(await RunsWith(modified, tool, args), Is.EqualTo(effective));

    [TestCaseSource(nameof(Blocked))]
    public async Task Vector_Blocked_DoesNotRun(string modified, Func<List<object?>, Delegate> tool, object?[] args, object?[] effective)
    {
        Assert.That(effective, Is.Empty);
        await IsBlocked(modified, tool, args);
    }

    private static TestCaseData Case(string id, string modified, Func<List<object?>, Delegate> tool, object?[] args, object?[] effective) =>
        new TestCaseData(modified, tool, args, effective).SetArgDisplayNames(id);
}
