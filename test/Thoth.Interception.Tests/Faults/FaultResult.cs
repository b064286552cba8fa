namespace Thoth.Interception.Tests.Faults;

/// <summary>What came of one call.</summary>
/// <param name="Runs">The tool's runs, by the text that it was given.</param>
/// <param name="Value">What the caller got.</param>
/// <param name="Exception">What the caller saw.</param>
/// <param name="Token">The caller's own token.</param>
internal sealed record FaultResult(IReadOnlyList<string> Runs, string? Value, Exception? Exception, CancellationToken Token)
{
    /// <summary>What the contract would not have; <see langword="null"/> where all is well.</summary>
    public string? Wrong(Fault fault, EnforcementMode mode, bool failOpen, string returnType)
    {
        var observed = mode == EnforcementMode.Observe;
        var runs = observed || fault.Outcome is FaultOutcome.Runs or FaultOutcome.RunsIntoCancellation
            || (fault.Outcome == FaultOutcome.Outage && failOpen);
        if (Runs.Count != (runs ? 1 : 0))
        {
            return $"the tool ran {Runs.Count} times; {Exception}";
        }

        if (!runs)
        {
            return WrongRefusal(fault);
        }

        // Contract §2.1: observe runs what was asked for, never what a policy made of it.
        var text = observed ? "original" : fault.Text;
        if (Runs[0] != text)
        {
            return $"the tool ran with '{Runs[0]}'";
        }

        return fault.Outcome == FaultOutcome.RunsIntoCancellation
            ? WrongCancellation()
            : Exception is not null ? $"the tool ran, and its caller saw {Exception}"
            : Value == (FaultTools.HasResult(returnType) ? text : null) ? null : $"the caller got '{Value}'";
    }

    private string? WrongRefusal(Fault fault)
    {
        if (fault.Outcome == FaultOutcome.Cancelled)
        {
            return WrongCancellation();
        }

        var outage = fault.Outcome == FaultOutcome.Outage;
        return Exception is not PolicyViolationException refusal || !fault.Exception.IsInstanceOfType(refusal)
            || refusal is EnforcerUnavailableException != outage ? $"refused with {Exception}"
            : !fault.Codes.Contains(refusal.SdkReasonCode) ? $"refused with code {refusal.SdkReasonCode ?? "none"}: {refusal}"
            : null;
    }

    private string? WrongCancellation() =>
        Exception is OperationCanceledException cancelled && cancelled.CancellationToken == Token ? null : $"no cancellation but {Exception}";
}
