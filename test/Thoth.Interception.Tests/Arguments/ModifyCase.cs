using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Arguments;

/// <summary>Calls a tool under a MODIFY decision: what it ran with, or that it did not run.</summary>
internal static class ModifyCase
{
    public static async Task<object?[]> RunsWith(string modified, Func<List<object?>, Delegate> tool, params object?[] arguments)
    {
        var (ran, exception, _) = await CallAsync(modified, tool, arguments);
        Assert.That(exception, Is.Null, modified);
        Assert.That(ran, Is.Not.Null, modified);
        return ran!;
    }

    public static async Task IsBlocked(string modified, Func<List<object?>, Delegate> tool, params object?[] arguments)
    {
        var (ran, exception, events) = await CallAsync(modified, tool, arguments);
        Assert.That(ran, Is.Null, $"the tool ran on {modified}");
        Assert.That(exception, Is.TypeOf<PolicyViolationException>(), modified);
        Assert.That(((PolicyViolationException)exception!).SdkReasonCode, Is.EqualTo(SdkReasonCodes.ModifyNotApplicable));
        Assert.That(((PolicyViolationException)exception).DecisionReasonCode, Is.EqualTo(SdkReasonCodes.ModifyNotApplicable));
        Assert.That(events, Is.EqualTo(["ToolCallPre/Pre", "ToolCallBlock/Block"]));
    }

    private static async Task<(object?[]? Ran, Exception? Exception, string[] Events)> CallAsync(
        string modified, Func<List<object?>, Delegate> tool, object?[] arguments)
    {
        await using var host = WrappedTools.Host();
        host.Enforcer.Decide = _ => ScriptedEnforcer.Modify(modified);
        var received = new List<object?>();
        var governed = host.Wrap(tool(received));
        try
        {
            governed.DynamicInvoke(arguments);
            return ([.. received], null, await host.EventNamesAsync());
        }
        catch (System.Reflection.TargetInvocationException exception)
        {
            return (null, exception.InnerException, await host.EventNamesAsync());
        }
    }
}
