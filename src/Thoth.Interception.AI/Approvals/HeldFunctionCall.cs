using Microsoft.Extensions.AI;

namespace Thoth.Interception.AI.Approvals;

/// <param name="Call">The call as the model made it.</param>
/// <param name="Result">The result that stands for it until the turn ends.</param>
/// <param name="Held">The held call.</param>
internal sealed record HeldFunctionCall(FunctionCallContent Call, FunctionResultContent Result, HeldCall Held);
