namespace QuickStart;

/// <summary>
/// Represents the files that the tools may read and write: Markdown files of the repository, and a temporary folder that is removed
/// at the end. The tools check their paths themselves: governance adds to such checks and does not replace them.
/// </summary>
internal sealed class Workspace : IDisposable
{
    private readonly bool _keep;

    private Workspace(string repositoryRoot, string outputFolder, bool keep)
    {
        RepositoryRoot = repositoryRoot;
        OutputFolder = outputFolder;
        _keep = keep;
    }

    public string RepositoryRoot { get; }

    public string OutputFolder { get; }

    public bool IsKept => _keep;

    public static Workspace Create(bool keep)
    {
        var root = RootAbove(AppContext.BaseDirectory) ?? RootAbove(Directory.GetCurrentDirectory())
            ?? throw new CannotRunException(
                "The sample searches the Markdown files of its repository, but Thoth.Interception.sln is not above "
                + $"{AppContext.BaseDirectory} or {Directory.GetCurrentDirectory()}. Run it from inside the repository.");
        return new Workspace(root, Directory.CreateTempSubdirectory("thoth-quickstart-").FullName, keep);
    }

    public IEnumerable<string> MarkdownFiles()
    {
        var options = new EnumerationOptions
        {
            RecurseSubdirectories = true,
            AttributesToSkip = FileAttributes.Hidden | FileAttributes.System | FileAttributes.ReparsePoint,
        };
        return Directory.EnumerateFiles(RepositoryRoot, "*.md", options).Where(IsSource);
    }

    /// <summary>Returns the full path of a Markdown file of the repository.</summary>
    /// <exception cref="UnauthorizedAccessException">The path is outside the repository or is not a Markdown file.</exception>
    public string MarkdownFile(string path)
    {
        var full = Path.GetFullPath(path, RepositoryRoot);
        var isInside = full.StartsWith(RepositoryRoot + Path.DirectorySeparatorChar, StringComparison.Ordinal);
        return isInside && full.EndsWith(".md", StringComparison.Ordinal)
            ? full
            : throw new UnauthorizedAccessException("Only Markdown files inside the repository can be read.");
    }

    /// <summary>Returns the full path of a file in the temporary folder.</summary>
    /// <exception cref="UnauthorizedAccessException">The name is not a plain file name.</exception>
    public string OutputFile(string name) =>
        name.Length > 0 && name is not ("." or "..") && Path.GetFileName(name) == name
            ? Path.Combine(OutputFolder, name)
            : throw new UnauthorizedAccessException("A file name must not contain a folder.");

    public void Dispose()
    {
        if (!_keep)
        {
            Directory.Delete(OutputFolder, recursive: true);
        }
    }

    private static string? RootAbove(string start)
    {
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Thoth.Interception.sln")))
            {
                return folder.FullName;
            }
        }

        return null;
    }

    private bool IsSource(string file) =>
        !Path.GetRelativePath(RepositoryRoot, file).Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj");
}
