namespace Thoth.Interception.AI.Functions;

/// <summary>Runs decided calls of functions for a model.</summary>
internal static class DecidedRun
{
    /// <summary>
    /// Runs a decided call. If it is refused at the last moment, or a governed call that the function makes is refused, the result is the
    /// text for the model: a loop would count the exception as an error, and end the turn after a few. Any other exception is the function's own.
    /// </summary>
    public static async ValueTask<object?> RunAsync(
        ToolCallDecision decision, Func<IReadOnlyDictionary<string, object?>, CancellationToken, Task<object?>> function, CancellationToken cancellationToken)
    {
        try
        {
            return await decision.RunAsync(function, cancellationToken).ConfigureAwait(false);
        }
        catch (PolicyViolationException refusal)
        {
            return refusal.ModelText;
        }
        catch (StepUpRequiredException held)
        {
            return held.ModelText;
        }
    }
}
