using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.FileProviders.Physical;
using Microsoft.Extensions.Primitives;

namespace Thoth.Interception.LocalPolicy.Reload;

/// <summary>A policy file on disk. Its folder is watched, so that a file renamed over it is seen as well as one written to.</summary>
internal sealed class PolicyFile : IPolicySource, IDisposable
{
    private readonly Lazy<PhysicalFileProvider> _folder;

    /// <param name="path">A full path, or one relative to <see cref="AppContext.BaseDirectory"/> if the file is there, else to the current directory.</param>
    public PolicyFile(string path)
    {
        var beside = Path.GetFullPath(path, AppContext.BaseDirectory);
        Name = File.Exists(beside) ? beside : Path.GetFullPath(path);

        // Sensitive files are hidden by default, and a policy may well live in a folder or file whose name starts with a dot.
        _folder = new(() => new(Path.GetDirectoryName(Name)!, ExclusionFilters.None));
    }

    public string Name { get; }

    public byte[] Read()
    {
        try
        {
            return File.ReadAllBytes(Name);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            var what = e is FileNotFoundException or DirectoryNotFoundException
                ? "There is no such policy file; create it or correct the path given to UseLocalPolicy."
                : $"The policy file cannot be read; give the process access to it: {e.Message}";
            throw new PolicyLoadException(Name, [new(0, 0, "", what)], e);
        }
    }

    public IChangeToken Watch() => _folder.Value.Watch(Path.GetFileName(Name));

    public void Dispose()
    {
        if (_folder.IsValueCreated)
        {
            _folder.Value.Dispose();
        }
    }
}
