using System.Reflection;

// The namespace of the linked checks, which find the class by its name.
namespace Thoth.Interception.Tests.Architecture;

/// <summary>The projects whose folders are checked.</summary>
internal static class ProjectAssemblies
{
    public static Assembly[] All => [typeof(EnforcerServer).Assembly];
}
