using Microsoft.Extensions.DependencyInjection;

namespace Thoth.Interception;

/// <summary>What <c>AddThoth</c> returns, to choose the enforcer and the sinks with.</summary>
public interface IThothBuilder
{
    /// <summary>The services that Thoth was added to.</summary>
    IServiceCollection Services { get; }
}
