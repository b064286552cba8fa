namespace Thoth.Interception;

/// <summary>Governs functions that no interface stands before, such as those of a tool loop written by hand.</summary>
public interface IToolGovernor
{
    /// <summary>Gives a function of the same type whose every call is governed.</summary>
    /// <typeparam name="TDelegate">The function's type: any delegate without by-reference or stack-only parameters.</typeparam>
    /// <param name="name">
    /// The tool's name in policies and events: any text that is not blank, since the tool loop has already named its tools.
    /// Models accept 1 to 64 characters of <c>[A-Za-z0-9_-]</c>.
    /// </param>
    /// <param name="tool">
    /// The function. Its parameters' names are the names of its arguments; one JSON object or string-keyed dictionary as the
    /// only argument is the arguments themselves.
    /// </param>
    /// <param name="options">How the function is governed.</param>
    /// <returns>The governed function.</returns>
    /// <exception cref="ArgumentException">The name is blank, or the function's type cannot be governed.</exception>
    TDelegate WrapTool<TDelegate>(string name, TDelegate tool, WrappedToolOptions? options = null)
        where TDelegate : Delegate;

    /// <summary>Governs a map of names to functions; the functions may be of different types.</summary>
    /// <typeparam name="TDelegate">The functions' type, or <see cref="Delegate"/> where they differ.</typeparam>
    /// <param name="tools">The functions by tool name.</param>
    /// <param name="options">How the functions are governed.</param>
    /// <returns>The governed functions under the same names.</returns>
    /// <exception cref="ArgumentException">As for <see cref="WrapTool{TDelegate}"/>.</exception>
    IReadOnlyDictionary<string, TDelegate> WrapTools<TDelegate>(
        IEnumerable<KeyValuePair<string, TDelegate>> tools, WrappedToolOptions? options = null)
        where TDelegate : Delegate;
}
