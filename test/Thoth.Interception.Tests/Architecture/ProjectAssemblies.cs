using System.Reflection;
using Thoth.Interception.AgentFramework;
using Thoth.Interception.AI;
using Thoth.Interception.AspNetCore;
using Thoth.Interception.LocalPolicy;
using Thoth.Interception.SemanticKernel;
using Thoth.Interception.Sqlite;
using Thoth.Interception.Testing;

namespace Thoth.Interception.Tests.Architecture;

/// <summary>The projects whose folders are checked.</summary>
internal static class ProjectAssemblies
{
    public static Assembly[] All =>
    [
        typeof(ThothOptions).Assembly,
        typeof(IApprover).Assembly,
        typeof(OutboxVerifier).Assembly,
        typeof(ThothAspNetCoreOptions).Assembly,
        typeof(ThothChatClientOptions).Assembly,
        typeof(ThothAgentOptions).Assembly,
        typeof(ThothKernelOptions).Assembly,
        typeof(TestEnforcer).Assembly,
    ];
}
