using Thoth.Interception.Events.Queue;

namespace Thoth.Interception.DependencyInjection;

/// <summary>
/// Replaces the enforcer, all event sinks and the outbox of a service collection, whatever is registered before or after it. The package
/// <c>Thoth.Interception.Testing</c> registers it.
/// </summary>
/// <param name="Enforcer">The enforcer that decides all calls.</param>
/// <param name="CreateQueue">Creates the queue that gets all events, once for each service provider.</param>
internal sealed record TestReplacement(IEnforcer Enforcer, Func<ISinkQueue> CreateQueue);
