using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Thoth.Interception.Testing.Surface;

namespace Thoth.Interception.Testing;

/// <summary>Compares what an agent can do in an application with a file that people have reviewed.</summary>
public static class ToolSurface
{
    /// <summary>
    /// Asserts that the tools of an application, with their actions and parameters, and the ways around governance are exactly those of
    /// a file. If they are not, the new state is written beside it: <c>tools.received.txt</c> for <c>tools.approved.txt</c>.
    /// </summary>
    /// <param name="services">The services of the application. Reading them starts nothing.</param>
    /// <param name="path">The approved file. A relative path starts at the folder of the calling source file.</param>
    /// <param name="callerFile">The calling source file. The compiler fills it in.</param>
    /// <exception cref="ThothAssertionException">The application differs from the file, or the file does not exist yet. The message lists the differences.</exception>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> or <paramref name="path"/> is <see langword="null"/>.</exception>
    /// <remarks>
    /// <para>
    /// The file has the governed interfaces of the service collection. It lacks functions that are given to <see cref="IToolGovernor"/>.
    /// Commit the approved file, and ignore <c>*.received.txt</c>.
    /// </para>
    /// <para>
    /// A deterministic build replaces the path of the source file. It is then looked for above <see cref="AppContext.BaseDirectory"/>. On a
    /// machine without the sources, a relative path starts at that folder: have the project copy the approved file to its output.
    /// </para>
    /// </remarks>
    /// <example><code>ToolSurface.Verify(factory.Services, "tools.approved.txt");</code></example>
    public static void Verify(IServiceProvider services, string path, [CallerFilePath] string callerFile = "")
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        var catalog = services.GetService<IToolCatalog>() ?? throw new ThothAssertionException(
            "The services have no tool catalogue. Call AddThoth or AddGovernedTools before the provider is built.");
        var actual = SurfaceReader.Read(catalog);
        var approvedFile = FullPath(path, callerFile);
        var receivedFile = ReceivedFileOf(approvedFile);
        var isNew = !File.Exists(approvedFile);
        var approved = isNew ? [] : SurfaceFile.Read(File.ReadAllText(approvedFile));
        var changes = ChangesBetween(approved, actual);
        if (!isNew && changes.Length == 0)
        {
            File.Delete(receivedFile);
            return;
        }

        var received = SurfaceFile.Write(actual);
        var failure = TryWrite(receivedFile, received);
        var fact = isNew
            ? $"The tool surface is not approved yet: {approvedFile} does not exist. The application has:"
            : $"The tool surface is not the one of {approvedFile}. New lines have +, missing ones -:";
        var action = failure is null
            ? $"Review the changes. To approve them, copy {receivedFile} over {approvedFile}."
            : $"Review the changes. {receivedFile} cannot be written ({failure}). To approve the changes, write this text to {approvedFile}:\n{received}";
        throw new ThothAssertionException($"{fact}\n{(changes.Length == 0 ? "  no tool\n" : changes)}{action}");
    }

    private static string FullPath(string path, string callerFile) => Path.GetFullPath(path, FolderOf(callerFile));

    /// <summary>
    /// Gets the folder of a source file. A deterministic build replaces the path of the repository, so the file is also looked for above the
    /// test's output.
    /// </summary>
    private static string FolderOf(string callerFile)
    {
        if (Path.GetDirectoryName(callerFile) is { } known && Path.IsPathFullyQualified(known) && Directory.Exists(known))
        {
            return known;
        }

        var parts = callerFile.Split('/', '\\');
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            for (var start = 0; start < parts.Length; start++)
            {
                var candidate = Path.Combine([folder.FullName, .. parts[start..]]);
                if (parts[^1].Length > 0 && File.Exists(candidate))
                {
                    return Path.GetDirectoryName(candidate)!;
                }
            }
        }

        return AppContext.BaseDirectory;
    }

    private static string ReceivedFileOf(string approvedFile)
    {
        var name = Path.GetFileName(approvedFile);
        var received = name.Contains(".approved.", StringComparison.Ordinal)
            ? name.Replace(".approved.", ".received.", StringComparison.Ordinal)
            : $"{Path.GetFileNameWithoutExtension(name)}.received{Path.GetExtension(name)}";
        return Path.Combine(Path.GetDirectoryName(approvedFile)!, received);
    }

    private static string ChangesBetween(IReadOnlyList<SurfaceEntry> approved, IReadOnlyList<SurfaceEntry> actual)
    {
        var changes = approved.Except(actual).Select(static entry => (Sign: '-', Entry: entry))
            .Concat(actual.Except(approved).Select(static entry => (Sign: '+', Entry: entry)))
            .GroupBy(static change => change.Entry.Heading)
            .OrderBy(static section => section.Key, StringComparer.Ordinal);
        var text = new StringBuilder();
        foreach (var section in changes)
        {
            text.Append($"  {section.Key}\n");
            foreach (var (sign, entry) in section)
            {
                text.Append($"  {sign} {entry.Text}\n");
            }
        }

        return text.ToString();
    }

    private static string? TryWrite(string file, string text)
    {
        try
        {
            File.WriteAllText(file, text);
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return exception.Message;
        }
    }
}
