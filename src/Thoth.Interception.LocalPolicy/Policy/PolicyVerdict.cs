using System.Text.Json;

namespace Thoth.Interception.LocalPolicy.Policy;

/// <summary>
/// What a policy says about a call. A STEP_UP has no hold token yet; <see cref="Changed"/> holds what its approval would
/// let run where MODIFY rules matched as well.
/// </summary>
internal readonly record struct PolicyVerdict(EnforcementDecision Decision, JsonElement? Changed = null);
