using Castle.DynamicProxy;
using Thoth.Interception.Pipeline;

namespace Thoth.Interception.Interception;

/// <summary>Stands before one tool service: sends each call of a tool through the pipeline and each disposal where it belongs.</summary>
internal class GovernanceInterceptor(ToolCallPipeline pipeline, InterfaceDescriptor plan, IServiceProvider scope) : IInterceptor
{
    public Type Interface => plan.Interface;

    /// <summary>What a proxy's constructor takes; an array of its own for each proxy, since Castle gives it to whoever asks.</summary>
    public IInterceptor[] Alone => [this];

    public void Intercept(IInvocation invocation)
    {
        if (plan.Find(invocation.Method) is { } method)
        {
            invocation.ReturnValue = method.Handler.Run(pipeline, method, invocation.InvocationTarget!, invocation.Arguments);
        }
        else if (!ProxyRules.IsDisposal(invocation.Method))
        {
            throw new InvalidOperationException($"'{plan.Interface}.{invocation.Method.Name}' has no plan and was not run.");
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
    /// The container disposes the service and, because it made it too, the proxy. A disposal that comes while the scope is
    /// being disposed is the container's: it is for the service alone, or the service would be disposed twice. One that comes
    /// before is the caller's own and passes through.
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
