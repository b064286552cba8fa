namespace Thoth.Enforcer.Health;

/// <summary>A reason for which the server does not work as it should.</summary>
/// <param name="Summary">A sentence for everyone: it names no file and no content.</param>
/// <param name="Detail">The cause, for people who are signed in.</param>
/// <param name="StopsDecisions">Whether the server cannot decide calls at all.</param>
internal sealed record HealthProblem(string Summary, string Detail, bool StopsDecisions);
