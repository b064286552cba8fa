using System.Text.Json;
using Thoth.Interception.Arguments;

namespace Thoth.Interception.Tests.Support;

/// <summary>Lambdas as governed tools: the shortest way to a tool with the parameters that a test needs.</summary>
internal static class WrappedTools
{
    public const string Name = "tool";

    public static GovernedHost Host(Action<ThothOptions>? configure = null) => GovernedHost.Create(_ => { }, configure);

    public static TDelegate Wrap<TDelegate>(this GovernedHost host, TDelegate tool, WrappedToolOptions? options = null)
        where TDelegate : Delegate =>
        host.Get<IToolGovernor>().WrapTool(Name, tool, options);

    /// <summary>What an enforcer is shown of one argument of this type, under the name <c>value</c>.</summary>
    public static string Shown<T>(T value)
    {
        var parameters = new ToolParameters(((Action<T>)(static value => { })).Method.GetParameters(), ArgumentJson.Default);
        using var document = JsonDocument.Parse(parameters.Serialize([value]));
        return document.RootElement.GetProperty("value").GetRawText();
    }

    public static EnforcementDecision Decision(DecisionType type) => new() { Type = type, HoldToken = "hold-1" };

    public static JsonElement Json(string json) => JsonDocument.Parse(json).RootElement.Clone();
}
