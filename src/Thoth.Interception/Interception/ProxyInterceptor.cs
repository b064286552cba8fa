using Thoth.Interception.Pipeline;

namespace Thoth.Interception.Interception;

/// <summary>
/// The interceptor of all proxies of one type. Their constructors take it: so the plan of a service collection reaches a type
/// that the process shares. It knows no scope and needs none, since such proxies pass disposals on themselves.
/// </summary>
/// <typeparam name="TProxy">The proxy type, one of <see cref="ConstructibleProxyFactory"/>.</typeparam>
internal sealed class ProxyInterceptor<TProxy>(ToolCallPipeline pipeline, InterfaceDescriptor plan, IServiceProvider root)
    : GovernanceInterceptor(pipeline, plan, root);
