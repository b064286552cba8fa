using Thoth.Interception;

namespace Extending.Enforcers;

internal sealed class ReadOnlyEnforcer : ISynchronousEnforcer
{
    private static readonly EnforcementDecision s_allow = new() { Type = DecisionType.Allow };

    private static readonly EnforcementDecision s_block = new()
    {
        Type = DecisionType.Block,
        DecisionReasonCode = "read_only",
        Reason = "Only reading is allowed.",
    };

    public EnforcementDecision Evaluate(EnforcementRequest request, CancellationToken cancellationToken) =>
        request.Action == ToolAction.Read ? s_allow : s_block;

    public ValueTask<EnforcementDecision> EvaluateAsync(EnforcementRequest request, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Evaluate(request, cancellationToken));
}
