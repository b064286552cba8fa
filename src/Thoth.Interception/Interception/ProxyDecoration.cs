using System.Diagnostics;
using Castle.DynamicProxy;
using Microsoft.Extensions.DependencyInjection;
using Scrutor;
using Thoth.Interception.Pipeline;

namespace Thoth.Interception.Interception;

/// <summary>
/// Has Scrutor decorate one registration with a proxy. What it decorates is a stand-in: the original has been put out of
/// reach, and may have a key that Scrutor cannot work with.
/// </summary>
/// <param name="plan">The plans of the interface's tools.</param>
/// <param name="standIn">What is decorated.</param>
/// <param name="inner">The original, or <see langword="null"/> where it is a type: what Scrutor makes is restated then.</param>
internal sealed class ProxyDecoration(InterfaceDescriptor plan, ServiceDescriptor standIn, TargetRegistration? inner)
    : DecorationStrategy(plan.Interface, serviceKey: null)
{
    public override bool CanDecorate(ServiceDescriptor descriptor) => descriptor == standIn;

    public override Func<IServiceProvider, object?, object> CreateDecorator(Type serviceType, string decoratedServiceKey) =>
        // The container takes null for what a factory gives as null, though the delegate does not say so.
        inner is null ? static (_, _) => throw new UnreachableException() : (provider, key) => Proxy(inner, provider, key)!;

    protected override bool CanDecorate(Type serviceType) => serviceType == ServiceType;

    private object? Proxy(TargetRegistration inner, IServiceProvider provider, object? key)
    {
        if (provider is DecoratorServiceProvider chain)
        {
            chain.HandedOver = true;
            return inner.Get(chain.Provider, key);
        }

        var service = inner.Get(provider, key);

        // A registration may forward to another one of the same interface, which is governed already.
        return service is null || IsGoverned(service)
            ? service
            : ToolProxies.Create(
                plan.Interface, service, new GovernanceInterceptor(provider.GetRequiredService<ToolCallPipeline>(), plan, provider));
    }

    private bool IsGoverned(object service) =>
        service is IProxyTargetAccessor proxy
        && Array.Exists(proxy.GetInterceptors(), i => i is GovernanceInterceptor governance && governance.Interface == plan.Interface);
}
