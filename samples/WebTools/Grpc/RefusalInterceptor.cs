using Grpc.Core;
using Grpc.Core.Interceptors;
using Thoth.Interception;

namespace WebTools.Grpc;

/// <summary>Tells clients of gRPC services why a call did not run.</summary>
internal sealed class RefusalInterceptor : Interceptor
{
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            return await continuation(request, context);
        }
        catch (ThothException exception)
        {
            throw ToRpc(exception);
        }
    }

    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            await continuation(request, responseStream, context);
        }
        catch (ThothException exception)
        {
            throw ToRpc(exception);
        }
    }

    private static RpcException ToRpc(ThothException exception) => exception switch
    {
        StepUpRequiredException { HeldCall: { } held } => new(
            new Status(StatusCode.FailedPrecondition, exception.Message), new Metadata { { "thoth-held", held.Id } }),
        PolicyDeferredException or EnforcerUnavailableException => new(new Status(StatusCode.Unavailable, exception.Message)),
        _ => new(new Status(StatusCode.PermissionDenied, exception.Message)),
    };
}
