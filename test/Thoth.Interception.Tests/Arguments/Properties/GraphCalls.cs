using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Arguments.Properties;

internal enum GraphOutcome
{
    Ran,
    RefusedAtCall,
    RefusedAtRegistration,
}

/// <summary>Calls a governed tool with a generated graph and compares what was decided about with what the tool read.</summary>
internal sealed class GraphCalls : IDisposable
{
    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private GovernedHost _host = GovernedHost.Create(_ => { });
    private int _calls;

    public Dictionary<GraphOutcome, int> Outcomes { get; } = Enum.GetValues<GraphOutcome>().ToDictionary(outcome => outcome, _ => 0);

    public string Report => string.Join(", ", Outcomes.Select(outcome => $"{outcome.Key} {outcome.Value}"));

    public double ShareThatRan => Outcomes[GraphOutcome.Ran] / (double)Math.Max(1, Outcomes.Values.Sum());

    /// <summary>What was shown is what the tool reads, or the call is refused.</summary>
    public void Allow(Recipe recipe, bool asService) => Try(recipe, ArgumentIsolation.Verify, asService, null, SdkReasonCodes.ToolArgsNotSerializable);

    /// <summary>What was shown is what the tool reads from its copy, with the types that the caller's values had.</summary>
    public void Copy(Recipe recipe, bool asService) => Try(recipe, ArgumentIsolation.Copy, asService, null, SdkReasonCodes.ToolArgsNotSerializable);

    /// <summary>The decision changes the other argument only.</summary>
    public void ModifyOther(Recipe recipe, bool asService) => Try(
        recipe, ArgumentIsolation.Verify, asService, value => value, SdkReasonCodes.ToolArgsNotSerializable, SdkReasonCodes.ModifyNotApplicable);

    /// <summary>The decision changes one member or element at any depth.</summary>
    public void ModifyInside(Recipe recipe, bool asService, int seed) => Try(
        recipe, ArgumentIsolation.Verify, asService, value => JsonChange.At(value, new Random(seed)),
        SdkReasonCodes.ToolArgsNotSerializable, SdkReasonCodes.ModifyNotApplicable);

    public void Dispose() => _host.Services.Dispose();

    private void Try(Recipe recipe, ArgumentIsolation isolation, bool asService, Func<JsonElement, JsonElement>? change, params string[] refusals)
    {
        var tool = GraphTool.For(recipe.Type);
        var host = Host();
        Action<object?> call;
        try
        {
            (host, call) = asService ? tool.Register(isolation) : (host, tool.Wrap(host, isolation));
        }
        catch (Exception exception) when (exception is ArgumentException
            || (asService && exception is InvalidOperationException && exception.Message.Contains("cannot be governed")))
        {
            Outcomes[GraphOutcome.RefusedAtRegistration]++;
            return;
        }

        try
        {
            Outcomes[Call(recipe, tool, host.Enforcer, call, change, refusals)]++;
        }
        finally
        {
            if (asService)
            {
                host.Services.Dispose();
            }
        }
    }

    private static GraphOutcome Call(
        Recipe recipe, GraphTool tool, ScriptedEnforcer enforcer, Action<object?> call, Func<JsonElement, JsonElement>? change, string[] refusals)
    {
        var lazies = new LazyLog();
        var value = recipe.Build(lazies);
        byte[]? shown = null;
        JsonElement decided = default;
        enforcer.Decide = request =>
        {
            shown = request.Arguments.ToArray();
            if (change is null || StrictJson.Fault(shown) is not null)
            {
                return ScriptedEnforcer.Allow;
            }

            decided = change(JsonDocument.Parse(shown).RootElement.GetProperty("value"));
            return ScriptedEnforcer.Modify($$"""{"value":{{decided.GetRawText()}},"note":"as decided"}""");
        };
        try
        {
            call(value);
        }
        catch (PolicyViolationException exception)
        {
            Check(refusals.Contains(exception.SdkReasonCode), $"refused with {exception.SdkReasonCode}: {exception.Message}", shown);
            Check(tool.Saw is null, "refused, but the tool ran", shown);
            Check(shown is null || exception.SdkReasonCode == SdkReasonCodes.ModifyNotApplicable || change is null, "shown, then refused", shown);
            return GraphOutcome.RefusedAtCall;
        }

        Check(tool.Saw is not null, "the tool did not run", shown);
        Check(lazies.Most <= 1, $"a lazy sequence ran {lazies.Most} times", shown);
        Check(StrictJson.Fault(shown!) is not { } fault, $"what is shown {StrictJson.Fault(shown!)}", shown);
        using var document = JsonDocument.Parse(shown);
        Check(document.RootElement.EnumerateObject().Select(argument => argument.Name).SequenceEqual(["value", "note"]), "shown are other arguments", shown);
        var json = document.RootElement.GetProperty("value");
        var original = ToolsView.Of(recipe.Build(new LazyLog()), recipe.Type);
        Same(Difference.Between(original, json), "shown", shown);
        if (change is null)
        {
            Same(Difference.Between(original, tool.Saw!), "given", shown);
            return GraphOutcome.Ran;
        }

        Check(tool.Note == "as decided", "the other argument is not the decision's", shown);
        Same(Difference.Between(tool.Saw!, decided), "decided", shown, decided);
        Same(LeftAlone.Difference(original, tool.Saw!, json, decided), "left alone", shown, decided);
        Check(
            json.GetRawText() != decided.GetRawText() || lazies.Any || value is null or ValueType or string || IsMaybeLazy(value) || ReferenceEquals(value, tool.Got),
            "the tool got another object than the caller's", shown);
        return GraphOutcome.Ran;
    }

    /// <summary>A sequence that is no collection may run only once: the tool may get a copy.</summary>
    private static bool IsMaybeLazy(object value) =>
        value is System.Collections.IEnumerable and not System.Collections.ICollection
        && !value.GetType().GetInterfaces().Where(one => one.IsGenericType).Select(one => one.GetGenericTypeDefinition())
            .Any(open => open == typeof(ICollection<>) || open == typeof(IReadOnlyCollection<>));

    private static void Same(string? difference, string kind, byte[]? shown, JsonElement decided = default) =>
        Check(difference is null, $"{kind}: {difference}{(decided.ValueKind == JsonValueKind.Undefined ? "" : $"; decided {decided.GetRawText()}")}", shown);

    private static void Check(bool holds, string what, byte[]? shown)
    {
        if (!holds)
        {
            throw new GraphException($"{what}\n  shown: {(shown is null ? "nothing" : Names.Ascii(s_strict.GetString(shown)))}");
        }
    }

    /// <summary>A host remembers its requests and events, so it is replaced now and then.</summary>
    private GovernedHost Host()
    {
        if (++_calls % 500 == 0)
        {
            _host.Services.Dispose();
            _host = GovernedHost.Create(_ => { });
        }

        return _host;
    }
}

/// <summary>Says how what was shown and what the tool reads differ.</summary>
internal sealed class GraphException(string message) : Exception(message);
