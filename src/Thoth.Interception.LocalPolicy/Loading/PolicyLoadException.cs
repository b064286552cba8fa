namespace Thoth.Interception.LocalPolicy;

/// <summary>The exception that is thrown if a policy file cannot be loaded.</summary>
/// <remarks>The message has one line for each error, in the form <c>file(line,column): key: message</c>.</remarks>
public sealed class PolicyLoadException : Exception
{
    /// <summary>Initializes the exception for a file with errors.</summary>
    /// <param name="file">The file's full path.</param>
    /// <param name="errors">The errors in file order; at least one.</param>
    /// <param name="innerException">The exception that caused this one. Default <see langword="null"/>.</param>
    /// <exception cref="ArgumentNullException"><paramref name="file"/> or <paramref name="errors"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="errors"/> is empty.</exception>
    public PolicyLoadException(string file, IReadOnlyList<PolicyLoadError> errors, Exception? innerException = null)
        : base(Describe(file, errors), innerException)
    {
        File = file;
        Errors = errors;
    }

    /// <summary>Gets the file's full path, or <c>LocalPolicyOptions.Json</c> for a policy that was given as text.</summary>
    public string File { get; }

    /// <summary>Gets the errors that were found, in file order: at least one, at most 100.</summary>
    public IReadOnlyList<PolicyLoadError> Errors { get; }

    /// <summary>Gets the line of the first error, from 1; 0 if the file cannot be read.</summary>
    public int Line => Errors[0].Line;

    /// <summary>Gets the column of the first error in UTF-16 characters, from 1; 0 if the file cannot be read.</summary>
    public int Column => Errors[0].Column;

    /// <summary>Gets the path of the first error's key, such as <c>rules[2].decision</c>; empty for the whole file.</summary>
    public string Key => Errors[0].Key;

    /// <summary>Creates the exception for a policy that cannot be read at all.</summary>
    internal static PolicyLoadException Of(string file, string message, Exception? innerException = null) =>
        new(file, [new() { Line = 0, Column = 0, Key = "", Message = message }], innerException);

    private static string Describe(string file, IReadOnlyList<PolicyLoadError> errors)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(errors);
        ArgumentOutOfRangeException.ThrowIfZero(errors.Count, nameof(errors));
        return string.Join(Environment.NewLine, errors.Select(error => DescribeOne(file, error)));
    }

    private static string DescribeOne(string file, PolicyLoadError error)
    {
        var place = error.Line > 0 ? $"{file}({error.Line},{error.Column})" : file;
        return OneLine(error.Key.Length > 0 ? $"{place}: {Shortened(error.Key)}: {error.Message}" : $"{place}: {error.Message}");
    }

    private static string Shortened(string key) => key.Length > 300 ? $"{key[..300]}..." : key;

    /// <summary>Escapes control characters, with which a name in the file could break the line or hide a part of it.</summary>
    private static string OneLine(string text) => text.Any(char.IsControl)
        ? string.Concat(text.Select(c => char.IsControl(c) ? $"\\u{(int)c:x4}" : c.ToString()))
        : text;
}
