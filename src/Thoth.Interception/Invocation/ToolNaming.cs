using System.Reflection;
using System.Text;

namespace Thoth.Interception.Invocation;

/// <summary>Gives a method its tool name where no attribute does: <c>SearchDocsAsync</c> is <c>search_docs</c>.</summary>
internal static class ToolNaming
{
    public static string NameOf(MethodInfo method, GovernedToolAttribute? attribute, GovernedToolsOptions options)
    {
        var given = attribute?.Name ?? options.ToolName?.Invoke(method);
        return given is null ? ToSnakeCase(method.Name) : given.Trim();
    }

    public static string ToSnakeCase(string methodName)
    {
        var name = methodName.AsSpan();
        if (name.Length > "Async".Length && name.EndsWith("Async", StringComparison.Ordinal))
        {
            name = name[..^"Async".Length];
        }

        var snake = new StringBuilder(name.Length + 8);
        for (var i = 0; i < name.Length; i++)
        {
            if (char.IsUpper(name[i]) && i > 0 && name[i - 1] != '_' && StartsWord(name, i))
            {
                snake.Append('_');
            }

            snake.Append(char.ToLowerInvariant(name[i]));
        }

        return snake.ToString();
    }

    /// <summary>A capital starts a word after a small letter or digit, and before a small letter: <c>ReadPDFFile</c> is <c>read_pdf_file</c>.</summary>
    private static bool StartsWord(ReadOnlySpan<char> name, int i) =>
        !char.IsUpper(name[i - 1]) || (i + 1 < name.Length && char.IsLower(name[i + 1]));
}
