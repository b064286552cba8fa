using System.Text.Json;

namespace Thoth.Interception.LocalPolicy.Policy;

/// <summary>Represents the result of evaluating a policy for a call.</summary>
/// <param name="Decision">The decision. A STEP_UP has no hold token yet.</param>
/// <param name="Changed">
/// The complete arguments to run after an approval, if the decision is STEP_UP and <c>modify</c> rules matched too.
/// </param>
internal readonly record struct PolicyVerdict(EnforcementDecision Decision, JsonElement? Changed = null);
