using Thoth.Interception.Pipeline;

namespace Thoth.Interception.Interception;

/// <summary>
/// The interceptor of all proxies of one type. Their constructors take it, so a type that the process shares gets the descriptor of one
/// service collection. It has no scope, because such proxies pass disposals on themselves.
/// </summary>
/// <typeparam name="TProxy">The proxy type, one of <see cref="ConstructibleProxyFactory"/>.</typeparam>
internal sealed class ProxyInterceptor<TProxy>(ToolCallPipeline pipeline, InterfaceDescriptor interfaceDescriptor, IServiceProvider root)
    : GovernanceInterceptor(pipeline, interfaceDescriptor, root);
