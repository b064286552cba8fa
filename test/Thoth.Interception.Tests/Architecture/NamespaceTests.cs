using System.Reflection;

namespace Thoth.Interception.Tests.Architecture;

/// <summary>A type is found by its namespace: an internal one in the folder of that name, a public one where users look.</summary>
public class NamespaceTests
{
    private static Assembly[] Projects => ProjectAssemblies.All;

    [TestCaseSource(nameof(Projects))]
    public void InternalType_HasTheNamespaceOfItsFolder(Assembly project)
    {
        var folders = new SourceFolders(project.GetName().Name!);
        var misplaced = SourceFolders.WrittenTypes(project)
            .Where(type => !type.IsPublic && !folders.IsLinked(type.FullName!))
            .Where(type => type.Namespace != "System.Runtime.CompilerServices") // The runtime knows its attributes by their full name.
            .Where(type => !folders.All.Contains(folders.FolderOf(SourceFolders.NameOf(type), type.Namespace!))
                || type.Namespace != folders.NamespaceOf(folders.FolderOf(SourceFolders.NameOf(type), type.Namespace!)))
            .Select(type => $"{type.FullName} stands in {folders.FolderOf(SourceFolders.NameOf(type), type.Namespace!)}");

        Assert.That(misplaced, Is.Empty);
    }

    [TestCaseSource(nameof(Projects))]
    public void PublicType_StandsWhereUsersLook(Assembly project)
    {
        var misplaced = SourceFolders.WrittenTypes(project)
            .Where(type => type.IsPublic && type.Namespace != project.GetName().Name && type.Namespace != "Microsoft.Extensions.DependencyInjection")
            .Select(type => type.FullName);

        Assert.That(misplaced, Is.Empty);
    }
}
