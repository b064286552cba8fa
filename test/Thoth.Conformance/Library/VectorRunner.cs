using System.Text.Json;
using Thoth.Conformance.Clients;

namespace Thoth.Conformance.Library;

/// <summary>Runs one case against the library.</summary>
internal static class VectorRunner
{
    /// <summary>Longer than any case waits for anything: a case that hangs fails.</summary>
    private static readonly TimeSpan s_hanging = TimeSpan.FromSeconds(60);

    /// <exception cref="ConformanceException">The library is not as the case says, or the case cannot be understood wholly.</exception>
    public static async Task RunAsync(JsonElement json)
    {
        var vector = new Vector(json);
        await (vector.Kind switch
        {
            "decision" => DecisionVectors.RunAsync(vector),
            "http" => HttpVectors.RunAsync(vector),
            "modify" => ModifyVectors.RunAsync(vector),
            "stepup" => StepUpVectors.RunAsync(vector),
            "request" => RequestVectors.RunAsync(vector),
            "event" => EventVectors.RunAsync(vector),
            "config" => ConfigVectors.RunAsync(vector),
            _ => throw new ConformanceException($"The runner does not know the kind '{vector.Kind}'."),
        }).WaitAsync(s_hanging);
        vector.Verify();
    }
}
