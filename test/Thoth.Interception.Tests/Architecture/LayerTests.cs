using ArchUnitNET.Domain;
using ArchUnitNET.Loader;
using Assembly = System.Reflection.Assembly;

namespace Thoth.Interception.Tests.Architecture;

/// <summary>
/// A folder uses only folders of lower layers, by what the compiled code refers to. The layers are those of
/// <c>docs/architecture.md</c>, so that two folders can never use each other.
/// </summary>
public class LayerTests
{
    private static Assembly[] Projects => ProjectAssemblies.All;

    [TestCaseSource(nameof(Projects))]
    public void Layers_OfTheDocumentation_NameEveryFolder(Assembly project)
    {
        var folders = new SourceFolders(project.GetName().Name!);

        Assert.That(Layers.Of(folders.Project).Keys, Is.EquivalentTo(folders.All));
    }

    [TestCaseSource(nameof(Projects))]
    public void Folder_UsesLowerLayersOnly(Assembly project)
    {
        var folders = new SourceFolders(project.GetName().Name!);
        var layers = Layers.Of(folders.Project);
        var violations = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var type in new ArchLoader().LoadAssembly(project).Build().Types)
        {
            foreach (var dependency in type.Dependencies)
            {
                var (user, used) = (FolderOf(type, folders), FolderOf(dependency.Target, folders));
                if (user is not null && used is not null && user != used && layers[user] >= layers[used])
                {
                    violations.Add($"{user}: {type.Name} uses {dependency.Target.Name} of {used}");
                }
            }
        }

        Assert.That(violations, Is.Empty);
    }

    private static string? FolderOf(IType type, SourceFolders folders)
    {
        if (type is GenericParameter || type.Assembly?.Name.Split(',')[0] != folders.Project)
        {
            return null;
        }

        var topLevel = type.FullName.Split('+', '/')[0];
        if (folders.IsLinked(topLevel))
        {
            return null;
        }

        var name = topLevel[(topLevel.LastIndexOf('.') + 1)..].Split('`')[0];
        var isWritten = !name.Contains('<') && !name.StartsWith("__", StringComparison.Ordinal);
        return isWritten ? folders.FolderOf(name, topLevel.Contains('.') ? topLevel[..topLevel.LastIndexOf('.')] : "") : null;
    }
}
