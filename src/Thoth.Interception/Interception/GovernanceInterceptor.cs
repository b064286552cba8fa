using Castle.DynamicProxy;
using Thoth.Interception.Pipeline;

namespace Thoth.Interception.Interception;

/// <summary>Intercepts the calls of one tool service: sends tool calls through the pipeline and disposals to the service.</summary>
internal class GovernanceInterceptor(ToolCallPipeline pipeline, InterfaceDescriptor interfaceDescriptor, IServiceProvider scope) : IInterceptor
{
    public Type Interface => interfaceDescriptor.Interface;

    /// <summary>Gets the argument of a proxy's constructor: a new array for each proxy, because Castle hands it out to callers.</summary>
    public IInterceptor[] AsArray => [this];

    public void Intercept(IInvocation invocation)
    {
        if (interfaceDescriptor.Find(invocation.Method) is { } method)
        {
            invocation.ReturnValue = pipeline.Permit is { } permit && !method.Handler.IsDelayed && method.TryUse(permit, invocation.Arguments)
                ? method.Invoke(invocation.InvocationTarget!, invocation.Arguments)
                : method.Handler.Run(pipeline, method, invocation.InvocationTarget!, invocation.Arguments);
        }
        else if (!ProxyRules.IsDisposal(invocation.Method))
        {
            throw new InvalidOperationException(
                $"'{interfaceDescriptor.Interface}.{invocation.Method.Name}' is not a known tool and was not run. Report this as a defect.");
        }
        else if (ScopeIsAlive())
        {
            invocation.Proceed();
        }
        else if (invocation.Method.ReturnType == typeof(ValueTask))
        {
            invocation.ReturnValue = ValueTask.CompletedTask;
        }
    }

    /// <summary>
    /// The container disposes the service and also the proxy, because it created both. A disposal of the proxy while the scope is being
    /// disposed comes from the container and stops here; otherwise the service would be disposed twice. An earlier one comes from a
    /// caller and is passed on.
    /// </summary>
    private bool ScopeIsAlive()
    {
        try
        {
            _ = scope.GetService(typeof(IServiceProvider));
            return true;
        }
        catch (ObjectDisposedException)
        {
            return false;
        }
    }
}
