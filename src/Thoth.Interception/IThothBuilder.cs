using Microsoft.Extensions.DependencyInjection;

namespace Thoth.Interception;

/// <summary>Configures the enforcer, the event sinks and the governed tools. <c>AddThoth</c> returns it.</summary>
public interface IThothBuilder
{
    /// <summary>Gets the services that Thoth was added to.</summary>
    IServiceCollection Services { get; }
}
