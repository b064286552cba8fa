using Thoth.Interception;

namespace QuickStart.Snippets;

/// <summary>README: the exceptions of a refused call, the most specific first.</summary>
internal static class ExceptionsSnippet
{
    public static async Task<string> RefundAsync(ICustomerTools tools)
    {
        // snippet: exceptions
        try
        {
            return await tools.RefundAsync("A-1002", 250);
        }
        catch (PolicyDeferredException e)
        {
            return $"Not now. Try again in {e.RetryAfter?.TotalSeconds ?? 60} seconds.";
        }
        catch (StepUpRejectedException e)
        {
            return $"It was not approved: {e.Reason}";
        }
        catch (EnforcerUnavailableException e)
        {
            return $"The enforcer is unavailable: {e.SdkReasonCode}";
        }
        catch (PolicyViolationException e)
        {
            return $"Blocked by rule {string.Join(", ", e.MatchedRuleIds)}: {e.Reason}";
        }
        catch (StepUpRequiredException e)
        {
            // Only with options.StepUp.Mode = StepUpMode.Throw; by default the call waits for the approver.
            return $"{e.ToolName} needs an approval: {e.Reason}";
        }
        // end-snippet
    }
}
