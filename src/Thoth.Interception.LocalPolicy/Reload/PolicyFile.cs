using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.FileProviders.Physical;
using Microsoft.Extensions.Primitives;

namespace Thoth.Interception.LocalPolicy.Reload;

/// <summary>
/// Reads a policy file from disk and watches its folder, so that it sees both a write and another file renamed over it.
/// </summary>
internal sealed class PolicyFile : IPolicySource, IDisposable
{
    private readonly Lazy<PhysicalFileProvider> _folder;

    /// <param name="path">
    /// A full path, or a relative one. A relative path is resolved against <see cref="AppContext.BaseDirectory"/> if the file
    /// is there, and otherwise against the current directory.
    /// </param>
    public PolicyFile(string path)
    {
        var inBaseDirectory = Path.GetFullPath(path, AppContext.BaseDirectory);
        Name = File.Exists(inBaseDirectory) ? inBaseDirectory : Path.GetFullPath(path);

        // By default the provider hides names that start with a dot, but a policy file or its folder may have such a name.
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
            var message = e is FileNotFoundException or DirectoryNotFoundException
                ? "The policy file does not exist. Create it or correct the path."
                : $"The policy file cannot be read. Give the process access to it. Cause: {e.Message}";
            throw new PolicyLoadException(Name, [new PolicyLoadError { Line = 0, Column = 0, Key = "", Message = message }], e);
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
