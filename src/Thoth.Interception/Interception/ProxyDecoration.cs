using Castle.DynamicProxy;
using Microsoft.Extensions.DependencyInjection;
using Scrutor;

namespace Thoth.Interception;

/// <summary>
/// Has Scrutor decorate one registration with a proxy. What it decorates is a stand-in: the original has been put out of
/// reach, and may have a key that Scrutor cannot work with.
/// </summary>
internal sealed class ProxyDecoration(InterfacePlan plan, ServiceDescriptor standIn, InnerRegistration inner)
    : DecorationStrategy(plan.Interface, serviceKey: null)
{
    /// <summary>How often a service may be needed to make itself: no real graph comes near.</summary>
    private const int DeepestNesting = 16;

    /// <summary>What is being made on this thread, outermost first.</summary>
    [ThreadStatic]
    private static List<ProxyDecoration>? s_making;

    public override bool CanDecorate(ServiceDescriptor descriptor) => descriptor == standIn;

    public override Func<IServiceProvider, object?, object> CreateDecorator(Type serviceType, string decoratedServiceKey) =>
        // The container takes null for what a factory gives as null, though the delegate does not say so.
        (provider, key) => Proxy(provider, key)!;

    protected override bool CanDecorate(Type serviceType) => serviceType == ServiceType;

    private object? Proxy(IServiceProvider provider, object? key)
    {
        if (provider is DecoratedServices chain)
        {
            chain.HandedOver = true;
            return Inner(chain.Provider, key);
        }

        var service = Inner(provider, key);

        // A registration may forward to another one of the same interface, which is governed already.
        return service is null || IsGoverned(service)
            ? service
            : ToolProxies.Create(
                plan.Interface, service, new GovernanceInterceptor(provider.GetRequiredService<ToolCallPipeline>(), plan, provider));
    }

    /// <summary>The container does not see through a factory: a circle that leads through a proxy must be found here.</summary>
    private object? Inner(IServiceProvider provider, object? key)
    {
        var making = s_making ??= [];
        if (making.Count >= DeepestNesting && making.Count(decoration => decoration == this) >= DeepestNesting)
        {
            throw new InvalidOperationException(
                $"A circular dependency was detected for the service of type '{plan.Interface}': making its implementation needs " +
                "the service itself; take it out of the constructors, or resolve it when it is called.");
        }

        making.Add(this);
        try
        {
            return inner.Get(provider, key);
        }
        finally
        {
            making.RemoveAt(making.Count - 1);
        }
    }

    private bool IsGoverned(object service) =>
        service is IProxyTargetAccessor proxy
        && Array.Exists(proxy.GetInterceptors(), i => i is GovernanceInterceptor governance && governance.Interface == plan.Interface);
}
