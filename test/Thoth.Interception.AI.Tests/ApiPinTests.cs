using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using Microsoft.Extensions.AI;
using Thoth.Interception.AgentFramework;
using Thoth.Interception.SemanticKernel;

namespace Thoth.Interception.AI.Tests;

/// <summary>What the packages use of the frameworks is there, and is not experimental, in the versions that are restored.</summary>
[TestFixture]
public class ApiPinTests
{
    private static readonly string[] s_frameworks = ["Microsoft.Extensions.AI", "Microsoft.Agents.AI", "Microsoft.SemanticKernel"];

    public static IEnumerable<Assembly> Packages =>
        [typeof(ThothChatClientOptions).Assembly, typeof(ThothAgentOptions).Assembly, typeof(ThothKernelOptions).Assembly];

    [TestCaseSource(nameof(Packages))]
    public void Members_OfTheFrameworks_AreStableAndThere(Assembly package)
    {
        var (used, missing) = Uses(package);
        TestContext.Out.WriteLine($"{package.GetName().Name}: {used.Count} members and types of {string.Join(", ", used.Select(static member => member.Module.Name).Distinct().Order())}");
        Assert.That(missing, Is.Empty);
        Assert.That(used, Has.Count.GreaterThan(10), "the scan finds what is used");
        Assert.That(
            used.Select(static member => (Member: $"{member.DeclaringType}.{member}", Id: ExperimentalIdOf(member))).Where(static member => member.Id is not null),
            Is.Empty);
    }

    [Test]
    public void Scan_FindsMembersAndExperimentalIds()
    {
        Assert.That(Uses(typeof(ThothChatClientOptions).Assembly).Used.Select(static member => $"{member.DeclaringType?.Name}.{member.Name}"), Does.Contain("FunctionInvokingChatClient.InvokeFunctionAsync"));
        var experimental = typeof(ToolApprovalRequestContent).GetProperty("RequiresConfirmation")!;
        Assert.That(ExperimentalIdOf(experimental), Is.EqualTo("MEAI001"));
        Assert.That(ExperimentalIdOf(experimental.GetMethod!), Is.EqualTo("MEAI001"));
        Assert.That(ExperimentalIdOf(typeof(ToolApprovalRequestContent)), Is.Null);
    }

    [Test]
    public void InnerClient_IsTheMemberThatAnUnsafeAccessorNames() => Assert.That(
        typeof(DelegatingChatClient).GetProperty("InnerClient", BindingFlags.Instance | BindingFlags.NonPublic)?.GetMethod, Is.Not.Null.And.Property("IsFamily").True);

    private static (List<MemberInfo> Used, List<string> Missing) Uses(Assembly package)
    {
        using var file = File.OpenRead(package.Location);
        using var image = new PEReader(file);
        var reader = image.GetMetadataReader();
        List<MemberInfo> used = [];
        List<string> missing = [];
        IEnumerable<EntityHandle> handles = [.. reader.TypeReferences.Select(static handle => (EntityHandle)handle), .. reader.MemberReferences.Select(static handle => (EntityHandle)handle)];
        var any = Enumerable.Repeat(typeof(object), 8).ToArray();
        foreach (var handle in handles)
        {
            try
            {
                var member = package.ManifestModule.ResolveMember(MetadataTokens.GetToken(handle), any, any)!;
                var assembly = member.Module.Assembly.GetName().Name!;
                if (s_frameworks.Any(framework => assembly == framework || assembly.StartsWith(framework + ".", StringComparison.Ordinal)))
                {
                    used.Add(member);
                }
            }
            catch (Exception exception) when (exception is MissingMemberException or TypeLoadException)
            {
                missing.Add(exception.Message);
            }
        }

        return (used, missing);
    }

    /// <summary>Gets the id of the member, of its property, or of a type around it.</summary>
    private static string? ExperimentalIdOf(MemberInfo member)
    {
        IEnumerable<MemberInfo> related = member is MethodInfo { IsSpecialName: true } accessor && accessor.DeclaringType is { } declaring
            ? declaring.GetMembers(BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
                .Where(candidate => candidate is PropertyInfo property && property.GetAccessors(nonPublic: true).Any(other => other.MetadataToken == accessor.MetadataToken))
            : [];
        for (var type = member as Type ?? member.DeclaringType; type is not null; type = type.DeclaringType)
        {
            related = related.Append(type);
        }

        return related.Prepend(member)
            .SelectMany(static candidate => candidate.GetCustomAttributesData())
            .FirstOrDefault(static attribute => attribute.AttributeType.FullName == "System.Diagnostics.CodeAnalysis.ExperimentalAttribute")
            ?.ConstructorArguments[0].Value as string;
    }
}
