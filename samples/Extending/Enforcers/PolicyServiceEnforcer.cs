using System.Net;
using System.Net.Http.Json;
using Thoth.Interception;

namespace Extending.Enforcers;

internal sealed class PolicyServiceEnforcer(HttpClient client) : IEnforcer
{
    public async ValueTask<EnforcementDecision> EvaluateAsync(EnforcementRequest request, CancellationToken cancellationToken)
    {
        try
        {
            // HttpClient.Timeout is the time limit: the library sets none around an enforcer.
            using var response = await client.PostAsJsonAsync(
                "decide", new { Tool = request.ToolName, User = request.Context.UserId }, cancellationToken);
            if (response.StatusCode is HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError)
            {
                throw new EnforcerUnavailableException(SdkReasonCodes.EnforcerHttpError, "The policy service is overloaded.")
                {
                    StatusCode = (int)response.StatusCode,
                };
            }

            // Any other failure is not an outage. It blocks the call, also with FailOpen.
            response.EnsureSuccessStatusCode();
            var isAllowed = await response.Content.ReadFromJsonAsync<bool>(cancellationToken);
            return new EnforcementDecision { Type = isAllowed ? DecisionType.Allow : DecisionType.Block };
        }
        catch (HttpRequestException e) when (e.StatusCode is null)
        {
            throw new EnforcerUnavailableException(SdkReasonCodes.EnforcerUnreachable, "The policy service cannot be reached.", e);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new EnforcerUnavailableException(SdkReasonCodes.EnforcerTimeout, "The policy service did not respond in time.", e);
        }
    }
}
