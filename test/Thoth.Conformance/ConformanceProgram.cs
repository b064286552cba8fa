using System.Text.Json;
using Thoth.Conformance.Clients;
using Thoth.Conformance.Library;
using Thoth.Conformance.Servers;

namespace Thoth.Conformance;

/// <summary>The console program.</summary>
internal static class ConformanceProgram
{
    private const int Passed = 0;
    private const int Failed = 1;
    private const int NotRun = 2;

    private static readonly TimeSpan s_pollInterval = TimeSpan.FromSeconds(1);

    /// <summary>Runs what the arguments ask for, and writes the table.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> args, TextWriter output, TextWriter error)
    {
        try
        {
            var options = ConformanceOptions.Read(args);
            if (options.IsHelp)
            {
                await output.WriteLineAsync(ConformanceOptions.Usage);
                return Passed;
            }

            return options.Target is { } target
                ? await RunServerCasesAsync(options, target, output)
                : await RunVectorsAsync(options, output);
        }
        catch (Exception e) when (e is UsageException or ConformanceException or IOException or JsonException)
        {
            await error.WriteLineAsync(e.Message);
            return NotRun;
        }
    }

    private static async Task<int> RunServerCasesAsync(ConformanceOptions options, ServerTarget target, TextWriter output)
    {
        var file = ServerCaseFile.Read(ServerCaseFile.Own);
        var cases = file.Cases.Where(serverCase => options.Includes(serverCase.Id, serverCase.Section)).ToList();
        var table = TableOf(output, [.. cases.Select(serverCase => serverCase.Id)]);
        var approver = options.ApproverPatience is { } patience ? new HoldApprover(hold => AskPersonAsync(hold, patience, output), patience, s_pollInterval) : null;
        using var runner = new ServerCaseRunner(file, target with { Approver = approver }, TimeProvider.System);
        await runner.EnsureReachableAsync();
        table.WriteHead();
        foreach (var serverCase in cases)
        {
            table.Write(await runner.RunAsync(serverCase));
        }

        return ExitCodeOf(table);
    }

    private static Task AskPersonAsync(HoldToResolve hold, TimeSpan patience, TextWriter output) => output.WriteLineAsync(
        $"       {(hold.Resolution == "ALLOW" ? "Approve" : "Deny")} the held call of '{hold.Tool}' in session {hold.Session} within {patience.TotalSeconds:0} s.");

    private static async Task<int> RunVectorsAsync(ConformanceOptions options, TextWriter output)
    {
        var vectors = VectorFile.Cases().Select((json, index) => (Json: json, Id: VectorFile.IdOf(json, index), Kind: TextOf(json, "kind")))
            .Where(vector => options.Includes(vector.Id, vector.Kind)).ToList();
        var table = TableOf(output, [.. vectors.Select(vector => vector.Id)]);
        table.WriteHead();
        foreach (var (json, id, kind) in vectors)
        {
            table.Write(CaseResult.Of(id, kind, TextOf(json, "title"), await MismatchesOfAsync(json)));
        }

        return ExitCodeOf(table);
    }

    private static async Task<IReadOnlyList<string>> MismatchesOfAsync(JsonElement vector)
    {
        try
        {
            await VectorRunner.RunAsync(vector);
            return [];
        }
        catch (ConformanceException e)
        {
            return [e.Message];
        }
        catch (Exception e)
        {
            // An exception of the library fails this vector only; the next one runs.
            return [e.ToString()];
        }
    }

    private static string TextOf(JsonElement vector, string name) =>
        JsonMatch.Member(vector, name) is { ValueKind: JsonValueKind.String } text ? text.GetString()! : "";

    /// <exception cref="UsageException">There are no cases.</exception>
    private static ResultTable TableOf(TextWriter output, IReadOnlyCollection<string> ids) =>
        ids.Count > 0 ? new ResultTable(output, ids) : throw new UsageException("No case matches --filter. Give a part of an id, or a section.");

    private static int ExitCodeOf(ResultTable table)
    {
        table.WriteTotal();
        return table.IsPassed ? Passed : Failed;
    }
}
