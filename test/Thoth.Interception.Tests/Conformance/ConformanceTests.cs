using System.Text.Json;
using Thoth.Conformance.Library;

namespace Thoth.Interception.Tests.Conformance;

/// <summary>
/// The cases of the contract, each under its own id. <c>THOTH_VECTORS=/path/cases.json dotnet test --filter
/// FullyQualifiedName~Conformance</c> runs those of another file.
/// </summary>
public class ConformanceTests
{
    private static IEnumerable<TestCaseData> Cases()
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        var cases = VectorFile.Cases();
        for (var i = 0; i < cases.Count; i++)
        {
            var id = VectorFile.IdOf(cases[i], i);
            var isFirst = ids.Add(id);
            yield return new TestCaseData(cases[i], isFirst).SetName(isFirst ? id : $"{id}-again-{i}");
        }
    }

    [TestCaseSource(nameof(Cases))]
    public async Task Case(JsonElement vector, bool isFirstOfItsId)
    {
        Assert.That(isFirstOfItsId, Is.True, "Two cases have this id.");
        await VectorRunner.RunAsync(vector);
    }
}
