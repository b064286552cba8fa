using System.Reflection;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Architecture;

/// <summary>The folders of one project under <c>src/</c>, and the folder that each of its types stands in.</summary>
internal sealed class SourceFolders
{
    /// <summary>The name of the project's own folder in the picture of the layers.</summary>
    public const string Root = "(the folder itself)";

    private readonly Dictionary<string, string> _folderByFile = new(StringComparer.Ordinal);

    public SourceFolders(string project)
    {
        Project = project;
        var directory = Path.Combine(Repository.Root, "src", project);
        foreach (var file in Repository.Sources(Path.Combine("src", project)))
        {
            var folder = Path.GetRelativePath(directory, Path.GetDirectoryName(file)!).Replace('\\', '/');
            _folderByFile.Add(Path.GetFileNameWithoutExtension(file), folder == "." ? Root : folder);
        }
    }

    public string Project { get; }

    public IReadOnlySet<string> All => _folderByFile.Values.ToHashSet(StringComparer.Ordinal);

    /// <summary>The folder of a type: that of the file with its name, else the one that its namespace names.</summary>
    /// <param name="typeName">The name of a top-level type, without arity.</param>
    /// <param name="typeNamespace">Its namespace.</param>
    public string FolderOf(string typeName, string typeNamespace) =>
        _folderByFile.TryGetValue(typeName, out var folder) ? folder
        : typeNamespace.StartsWith(Project + ".", StringComparison.Ordinal) ? typeNamespace[(Project.Length + 1)..].Replace('.', '/')
        : Root;

    /// <summary>Whether a type comes from a source file of the core that this project links; it keeps the core's namespace.</summary>
    public bool IsLinked(string fullName) =>
        Project != typeof(ThothOptions).Assembly.GetName().Name && typeof(ThothOptions).Assembly.GetType(fullName) is not null;

    public string NamespaceOf(string folder) => folder == Root ? Project : $"{Project}.{folder.Replace('/', '.')}";

    /// <summary>The types that people wrote: neither nested ones nor those of a generator.</summary>
    public static IEnumerable<Type> WrittenTypes(Assembly assembly) => assembly.GetTypes().Where(static type =>
        !type.IsNested && !type.Name.Contains('<') && !type.Name.StartsWith("__", StringComparison.Ordinal)
        && type.GetCustomAttribute<System.CodeDom.Compiler.GeneratedCodeAttribute>() is null
        && type.GetCustomAttribute<System.Runtime.CompilerServices.CompilerGeneratedAttribute>() is null);

    /// <summary>A type's name as its file has it.</summary>
    public static string NameOf(Type type) => type.Name.Split('`')[0];
}
