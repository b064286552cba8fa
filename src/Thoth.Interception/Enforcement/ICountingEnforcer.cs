namespace Thoth.Interception;

/// <summary>An enforcer that counts the calls that it permits, such as one that limits the calls of a session.</summary>
/// <remarks>
/// An enforcer counts a call when it permits it: a limit then holds for calls that run in parallel. Not every permitted call runs. The
/// library may refuse it afterwards, for example because its arguments were changed, or its caller may cancel it in time.
/// </remarks>
public interface ICountingEnforcer : IEnforcer
{
    /// <summary>
    /// Reports that the tool of this call does not run, so that the enforcer can take the call back. The call may be one that the
    /// enforcer did not permit. The method must return quickly and must not throw.
    /// </summary>
    /// <param name="request">The request that was evaluated: the same object.</param>
    void CallNotStarted(EnforcementRequest request);
}
