using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Thoth.Interception.Arguments;
using Thoth.Interception.Pipeline;
using Thoth.Interception.Sessions;
using Thoth.Interception.StepUp;

namespace Thoth.Interception.Invocation;

/// <summary>Decides calls that have no .NET signature, or are not made yet: the pipeline up to the start of the tool.</summary>
internal sealed class CallDecider(ToolCallPipeline pipeline, ThothSessions sessions, HeldCalls held, IGovernedMethods governed)
{
    private static readonly ParameterInfo[] s_object = ((Action<JsonElement>)(static arguments => { })).Method.GetParameters();
    private static readonly ToolParameters s_parameters = new(s_object, ArgumentJson.Default, wholeObject: true);

    private readonly ConditionalWeakTable<ToolDescriptor, KnownTool> _known = [];

    public ValueTask<ToolCallDecision> DecideAsync(
        ToolDescriptor descriptor, GivenArguments given, ToolCallOptions options, CancellationToken cancellationToken)
    {
        var known = _known.GetValue(descriptor, Find);
        var (tool, method, values, refusal) = Bind(known, descriptor.Binder, given, cancellationToken);
        var details = new CallDetails(options.CallId, options.WaitForApproval ? StepUpMode.Wait : StepUpMode.Throw, refusal);
        var call = Begin(tool, values, options, details, cancellationToken);

        // The values of an object do not change. A caller sees those of a method before the tool starts, so they are checked.
        call.OwnsValues = method is null;
        try
        {
            return DecideAsync(call, known.MayCallProxy ? method : null);
        }
        finally
        {
            call.ReturnToCaller();
        }
    }

    private ToolCall Begin(Tool tool, object?[] values, ToolCallOptions options, CallDetails details, CancellationToken cancellationToken)
    {
        using var session = options.Session is null || options.Session == sessions.Current ? null : sessions.Enter(options.Session);
        using var resumed = options.Held is null ? null : held.Resume(options.Held);
        return pipeline.Begin(tool, values, cancellationToken, details);
    }

    private async ValueTask<ToolCallDecision> DecideAsync(ToolCall call, ToolMethodDescriptor? permitted)
    {
        if (call.Details!.Refusal is not null)
        {
            return new ToolCallDecision(pipeline.Refuse(call));
        }

        try
        {
            await pipeline.ApproveAsync(call).ConfigureAwait(false);
        }
        catch (ThothException refusal)
        {
            return new ToolCallDecision(refusal);
        }

        return new ToolCallDecision(new DecidedCall(pipeline, sessions, call, permitted));
    }

    /// <summary>Makes the values of the call, or the refusal of arguments that do not fit.</summary>
    private static (Tool Tool, ToolMethodDescriptor? Method, object?[] Values, EnforcementDecision? Refusal) Bind(
        KnownTool known, JsonSerializerOptions? binder, GivenArguments given, CancellationToken cancellationToken)
    {
        EnforcementDecision? refusal = null;
        (ToolMethodDescriptor Signature, object?[] Values, int Ignored)? best = null;
        foreach (var signature in known.Signatures)
        {
            try
            {
                var ignored = 0;
                var values = binder is not null
                    ? OptionsBinder.Bind(given, signature.Tool.Parameters, binder, cancellationToken, out ignored)
                    : given.BindTo(signature.Tool.Parameters, cancellationToken);
                best = best is null || ignored < best.Value.Ignored ? (signature, values, ignored) : best;
            }
            catch (ArgumentNotSerializableException exception)
            {
                refusal ??= EnforcementDecision.Refuse(SdkReasonCodes.ToolArgsNotSerializable, exception.Message);
            }

            if (best is { Ignored: 0 })
            {
                break;
            }
        }

        if (best is not null)
        {
            return (best.Value.Signature.Tool, best.Value.Signature, best.Value.Values, null);
        }

        if (refusal is not null)
        {
            return (known.Tool, null, [], refusal);
        }

        try
        {
            return (known.Tool, null, [given.ToJson()], null);
        }
        catch (ArgumentNotSerializableException exception)
        {
            return (known.Tool, null, [], EnforcementDecision.Refuse(SdkReasonCodes.ToolArgsNotSerializable, exception.Message));
        }
    }

    /// <summary>Finds the tool, and the signatures that a governed interface has of it, of which the arguments choose one.</summary>
    private KnownTool Find(ToolDescriptor descriptor)
    {
        // The method of the class behind a proxy is called without the proxy. What it calls itself is decided by itself.
        var mayCallProxy = descriptor.Method is not { } called || !governed.IsBehindProxy(called);
        if (descriptor.Method is { } method && governed.Find(method) is { } found)
        {
            return new KnownTool(found.Tool, [found], mayCallProxy);
        }

        var methods = governed.Named(descriptor.Name);
        List<ToolMethodDescriptor> signatures = [];
        foreach (var named in methods)
        {
            // Only a call tells the type arguments of a generic method. What is known of it without them counts.
            if (!named.IsGenericMethodDefinition && governed.Find(named) is { } signature)
            {
                signatures.Add(signature);
            }
        }

        var tool = signatures.Count > 0 ? signatures[0].Tool
            : methods.Count > 0 ? ToolOf(descriptor.Name, methods)
            : ToolOf(descriptor.Name, descriptor.Action, descriptor.Sensitive);
        return new KnownTool(tool, signatures, mayCallProxy);
    }

    private static Tool ToolOf(string name, IReadOnlyList<MethodInfo> methods) => ToolOf(
        name,
        methods[0].GetCustomAttribute<GovernedToolAttribute>()?.Action ?? ToolAction.Unspecified,
        [.. methods.SelectMany(static method => method.GetParameters()).Where(static parameter => parameter.IsDefined(typeof(SensitiveAttribute))).Select(ToolParameter.NameOf)]);

    private static Tool ToolOf(string name, ToolAction action, IReadOnlyCollection<string> sensitive) => new(
        name, sensitive.Count == 0 ? s_parameters : new ToolParameters(s_object, ArgumentJson.Default, wholeObject: true, sensitive), action, ArgumentIsolation.Verify);

    /// <param name="Tool">The tool.</param>
    /// <param name="Signatures">The signatures of it that governed interfaces have.</param>
    /// <param name="MayCallProxy">Whether the call that was decided may go through a proxy.</param>
    private sealed record KnownTool(Tool Tool, IReadOnlyList<ToolMethodDescriptor> Signatures, bool MayCallProxy);
}
