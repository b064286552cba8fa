using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Thoth.Interception;

/// <summary>Governs functions without an interface, such as those of a tool loop written by hand, and calls without a signature.</summary>
/// <example>
/// <code>
/// var tools = governor.WrapTools(new Dictionary&lt;string, Func&lt;string, Task&lt;string&gt;&gt;&gt;
/// {
///     ["read_doc"] = path => File.ReadAllTextAsync(path),
///     ["search_docs"] = query => index.SearchAsync(query),
/// });
///
/// // The model names the tool; the enforcer evaluates the call by that name and its arguments.
/// var result = await tools[toolName](argument);
/// </code>
/// </example>
public interface IToolGovernor
{
    /// <summary>Creates a function of the same type, each call of which is governed.</summary>
    /// <typeparam name="TDelegate">The function's type: any delegate without by-reference or stack-only parameters.</typeparam>
    /// <param name="name">
    /// The tool's name in policies and events: any text that is not blank, since the tool loop has already named its tools.
    /// Models accept 1 to 64 characters of <c>[A-Za-z0-9_-]</c>.
    /// </param>
    /// <param name="tool">
    /// The function. Its parameters' names are the names of its arguments. If its only argument is a JSON object or a
    /// string-keyed dictionary, the members of that are the arguments.
    /// </param>
    /// <param name="options">How the function is governed. Default: the defaults of <see cref="WrappedToolOptions"/>.</param>
    /// <returns>The governed function.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="name"/> or <paramref name="tool"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException"><paramref name="name"/> is blank, or the function's type cannot be governed.</exception>
    /// <example>
    /// <code>
    /// var refund = governor.WrapTool("refund", async (string order, decimal amount) => await ledger.RefundAsync(order, amount));
    /// var result = await refund("A-1001", 40);
    /// </code>
    /// </example>
    [RequiresUnreferencedCode(Trimming.NotSupported), RequiresDynamicCode(Trimming.NotSupported)]
    TDelegate WrapTool<TDelegate>(string name, TDelegate tool, WrappedToolOptions? options = null)
        where TDelegate : Delegate;

    /// <summary>Governs a map of names to functions, which may be of different types.</summary>
    /// <typeparam name="TDelegate">The functions' type, or <see cref="Delegate"/> if they differ.</typeparam>
    /// <param name="tools">The functions by tool name.</param>
    /// <param name="options">How the functions are governed. Default: the defaults of <see cref="WrappedToolOptions"/>.</param>
    /// <returns>The governed functions under the same names.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="tools"/>, or a name or function in it, is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException">A name is blank, or the type of a function cannot be governed.</exception>
    /// <example>
    /// <code>
    /// var tools = governor.WrapTools(new Dictionary&lt;string, Func&lt;string, Task&lt;string&gt;&gt;&gt;
    /// {
    ///     ["read_doc"] = path => File.ReadAllTextAsync(path),
    /// });
    /// var result = await tools["read_doc"]("README.md");
    /// </code>
    /// </example>
    [RequiresUnreferencedCode(Trimming.NotSupported), RequiresDynamicCode(Trimming.NotSupported)]
    IReadOnlyDictionary<string, TDelegate> WrapTools<TDelegate>(
        IEnumerable<KeyValuePair<string, TDelegate>> tools, WrappedToolOptions? options = null)
        where TDelegate : Delegate;

    /// <summary>
    /// Decides a call that has no .NET signature, such as one in the response of a model: once, and recorded once, as any governed call.
    /// </summary>
    /// <param name="tool">The tool. If a governed interface has a tool of this name, the call is decided as one through the interface.</param>
    /// <param name="json">
    /// The arguments as one JSON object in UTF-8. A call whose JSON is not that, has a name twice or invalid Unicode, or does not fit the
    /// governed method is refused with <see cref="SdkReasonCodes.ToolArgsNotSerializable"/>.
    /// </param>
    /// <param name="options">The call's id, session and held call. Default: the defaults of <see cref="ToolCallOptions"/>.</param>
    /// <param name="cancellationToken">Cancels the decision.</param>
    /// <returns>The decision, to be run or disposed. A refusal is returned, not thrown.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="tool"/> is <see langword="null"/>.</exception>
    /// <exception cref="InvalidOperationException">The <see cref="ToolCallOptions.Held"/> call belongs to another session, user or tenant.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    ValueTask<ToolCallDecision> DecideAsync(
        ToolDescriptor tool, ReadOnlyMemory<byte> json, ToolCallOptions? options = null, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="DecideAsync(ToolDescriptor, ReadOnlyMemory{byte}, ToolCallOptions?, CancellationToken)"/>
    /// <param name="tool">The tool. If a governed interface has a tool of this name, the call is decided as one through the interface.</param>
    /// <param name="arguments">The arguments by name. Values of a governed method's parameter types are passed on as they are; others as their JSON.</param>
    /// <param name="options">The call's id, session and held call. Default: the defaults of <see cref="ToolCallOptions"/>.</param>
    /// <param name="cancellationToken">Cancels the decision.</param>
    ValueTask<ToolCallDecision> DecideAsync(
        ToolDescriptor tool, IReadOnlyDictionary<string, object?> arguments, ToolCallOptions? options = null,
        CancellationToken cancellationToken = default);

    /// <inheritdoc cref="DecideAsync(ToolDescriptor, ReadOnlyMemory{byte}, ToolCallOptions?, CancellationToken)"/>
    /// <param name="tool">The tool. If a governed interface has a tool of this name, the call is decided as one through the interface.</param>
    /// <param name="arguments">The arguments by name, as the clients of some models have them.</param>
    /// <param name="options">The call's id, session and held call. Default: the defaults of <see cref="ToolCallOptions"/>.</param>
    /// <param name="cancellationToken">Cancels the decision.</param>
    ValueTask<ToolCallDecision> DecideAsync(
        ToolDescriptor tool, IReadOnlyDictionary<string, JsonElement> arguments, ToolCallOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        var values = new Dictionary<string, object?>(arguments.Count, StringComparer.Ordinal);
        foreach (var (name, value) in arguments)
        {
            values[name] = value;
        }

        return DecideAsync(tool, values, options, cancellationToken);
    }
}
