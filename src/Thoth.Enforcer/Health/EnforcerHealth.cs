using Thoth.Enforcer.Storage;
using Thoth.Interception.LocalPolicy;

namespace Thoth.Enforcer.Health;

/// <summary>Knows the server's current problems.</summary>
internal sealed class EnforcerHealth(PolicyEngine engine, EnforcerDatabase database)
{
    public IReadOnlyList<HealthProblem> Problems()
    {
        var problems = new List<HealthProblem>(2);
        if (database.WriteFailure is { } storage)
        {
            problems.Add(new(
                "Decisions cannot be recorded, so every call is refused. Free disk space, or give the process access to its database.",
                $"{database.Path}: {storage.Message}",
                StopsDecisions: true));
        }

        if (engine.LastReloadError is { } policy)
        {
            problems.Add(new(
                "The policy was changed, but the new version cannot be loaded. The version before it stays in force. Correct the file.",
                policy.Message,
                StopsDecisions: false));
        }

        return problems;
    }

    /// <summary>Gets the problems after a trial write, so that a full disk is known before a call needs it, and its end as well.</summary>
    public async Task<IReadOnlyList<HealthProblem>> CheckAsync()
    {
        await database.TryWriteTrialAsync();
        return Problems();
    }
}
