using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.EndToEndTests.Support;

/// <summary>A folder that looks like the root of a clone: it links to the repository, and what a command writes stays in it.</summary>
internal sealed class FreshClone : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("thoth-clone-");

    public FreshClone()
    {
        foreach (var entry in new DirectoryInfo(Repository.Root).EnumerateFileSystemInfos().Where(static entry => entry.Name != ".git"))
        {
            if (entry is DirectoryInfo)
            {
                Directory.CreateSymbolicLink(PathOf(entry.Name), entry.FullName);
            }
            else
            {
                File.CreateSymbolicLink(PathOf(entry.Name), entry.FullName);
            }
        }
    }

    public string Folder => _folder.FullName;

    public string PathOf(string name) => Path.Combine(_folder.FullName, name);

    public void Dispose()
    {
        foreach (var entry in _folder.EnumerateFileSystemInfos().Where(static entry => entry.LinkTarget is not null))
        {
            entry.Delete();
        }

        _folder.Delete(recursive: true);
    }
}
