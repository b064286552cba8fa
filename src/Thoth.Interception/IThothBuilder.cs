using Microsoft.Extensions.DependencyInjection;

namespace Thoth.Interception;

/// <summary>Chooses the enforcer and the event sinks. <c>AddThoth</c> returns it.</summary>
public interface IThothBuilder
{
    /// <summary>Gets the services that Thoth was added to.</summary>
    IServiceCollection Services { get; }
}
