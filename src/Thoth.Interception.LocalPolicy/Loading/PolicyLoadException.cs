namespace Thoth.Interception.LocalPolicy;

/// <summary>
/// A policy file cannot be loaded. The message has one line per mistake, as <c>file(line,column): key: what to do</c>.
/// </summary>
public sealed class PolicyLoadException : Exception
{
    /// <summary>Creates the exception for a file with mistakes.</summary>
    /// <param name="file">The file's full path.</param>
    /// <param name="errors">The mistakes in file order; at least one.</param>
    /// <param name="innerException">What failed, where the file cannot be read.</param>
    /// <exception cref="ArgumentException"><paramref name="errors"/> is empty.</exception>
    public PolicyLoadException(string file, IReadOnlyList<PolicyLoadError> errors, Exception? innerException = null)
        : base(Describe(file, errors), innerException)
    {
        File = file;
        Errors = errors;
    }

    /// <summary>The file's full path.</summary>
    public string File { get; }

    /// <summary>Every mistake that was found, in file order; at least one.</summary>
    public IReadOnlyList<PolicyLoadError> Errors { get; }

    /// <inheritdoc cref="PolicyLoadError.Line"/>
    public int Line => Errors[0].Line;

    /// <inheritdoc cref="PolicyLoadError.Column"/>
    public int Column => Errors[0].Column;

    /// <inheritdoc cref="PolicyLoadError.Key"/>
    public string Key => Errors[0].Key;

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
        return error.Key.Length > 0 ? $"{place}: {error.Key}: {error.Message}" : $"{place}: {error.Message}";
    }
}
