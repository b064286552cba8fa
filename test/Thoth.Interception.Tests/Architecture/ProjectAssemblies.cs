using System.Reflection;

namespace Thoth.Interception.Tests.Architecture;

/// <summary>The projects whose folders are checked.</summary>
internal static class ProjectAssemblies
{
    public static Assembly[] All => [typeof(ThothOptions).Assembly];
}
