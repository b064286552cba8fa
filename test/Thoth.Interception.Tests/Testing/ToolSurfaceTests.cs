using Microsoft.Extensions.DependencyInjection;
using Thoth.Interception.Testing;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Testing;

public sealed class ToolSurfaceTests
{
    private DirectoryInfo _folder = null!;

    private string Approved => Path.Combine(_folder.FullName, "tools.approved.txt");

    private string Received => Path.Combine(_folder.FullName, "tools.received.txt");

    [SetUp]
    public void CreateFolder() => _folder = Directory.CreateTempSubdirectory("thoth-surface-");

    [TearDown]
    public void DeleteFolder() => _folder.Delete(recursive: true);

    [Test]
    public void Verify_WithoutAnApprovedFile_WritesTheSurfaceAndSaysHowToApproveIt()
    {
        var failure = Fails(Shop);

        Assert.That(failure, Does.StartWith($"The tool surface is not approved yet: {Approved} does not exist. The application has:\n  find (Read)\n  + "));
        Assert.That(failure, Does.EndWith($"To approve them, copy {Received} over {Approved}."));
        Assert.That(File.ReadAllLines(Received).Where(line => !line.StartsWith('#')), Is.EqualTo(
            new[]
            {
                "",
                "find (Read)",
                "  Thoth.Interception.Tests.Testing.IShopTools.Find(String query)",
                "",
                "refund (Unspecified)",
                "  Thoth.Interception.Tests.Testing.IShopTools.RefundAsync(String order, Decimal amount)",
                "",
                "sign_in (Unspecified)",
                "  Thoth.Interception.Tests.Testing.IShopTools.SignInAsync(String user, String password [masked], CancellationToken cancellationToken [not evaluated])",
            }));
    }

    [Test]
    public void Verify_AfterTheApproval_PassesAndRemovesTheReceivedFile()
    {
        Approve(Shop);

        Assert.That(() => Verify(Shop), Throws.Nothing);
        Assert.That(File.Exists(Received), Is.False);
    }

    [Test]
    public void Verify_IgnoresLineEndingsCommentsAndOrder()
    {
        Approve(Shop);
        var sections = File.ReadAllText(Approved).Split("\n\n");
        File.WriteAllText(Approved, "# reviewed by ada\r\n" + string.Join("\n\n", sections.Reverse()).Replace("\n", "\r\n"));

        Assert.That(() => Verify(Shop), Throws.Nothing);
    }

    [Test]
    public void Verify_WithANewToolAndANewParameter_ShowsBothAndWhatIsGone()
    {
        Approve(services => services.AddSingleton<IBefore>(new Tools()).AddGovernedTools<IBefore>());

        var failure = Fails(services => services.AddSingleton<IAfter>(new Tools()).AddGovernedTools<IAfter>());

        const string Of = "Thoth.Interception.Tests.Testing.ToolSurfaceTests";
        Assert.That(failure, Is.EqualTo(
            $"""
            The tool surface is not the one of {Approved}. New lines have +, missing ones -:
              delete (Delete)
              + {Of}.IAfter.Delete(String order)
              pay (Unspecified)
              - {Of}.IBefore.Pay(String order)
              pay (Write)
              + {Of}.IAfter.Pay(String order, Int32 cents)
            Review the changes. To approve them, copy {Received} over {Approved}.
            """.ReplaceLineEndings("\n")));
        Assert.That(File.ReadAllText(Received), Does.Contain("IAfter.Delete"));
    }

    [Test]
    public void Verify_WithAMaskThatIsGone_Fails()
    {
        Approve(Shop);
        File.WriteAllText(Approved, File.ReadAllText(Approved).Replace("String user,", "String user [masked],"));

        Assert.That(Fails(Shop), Does.Contain("- Thoth.Interception.Tests.Testing.IShopTools.SignInAsync(String user [masked],"));
    }

    [TestCase("found ConcreteClass: Thoth.Interception.Tests.Testing.ShopTools leads to Thoth.Interception.Tests.Testing.IShopTools")]
    public void Verify_WithAWayAroundGovernance_Fails(string line)
    {
        Approve(Shop);

        Assert.That(Fails(services => Shop(services).AddSingleton<ShopTools>()), Does.Contain($"  Without governance\n  + {line}\n"));
    }

    [Test]
    public void Verify_WithAnAllowedWayAround_ShowsItWithItsReasonOnOneLine()
    {
        Approve(Shop);

        var failure = Fails(services => services.AddSingleton<ShopTools>().AddSingleton<IShopTools, ShopTools>()
            .AddGovernedTools<IShopTools>(options => options.AllowUngoverned(typeof(ShopTools), "old \"reports\"\nfind (Read)")));

        Assert.That(failure, Does.Contain(
            "+ allowed ConcreteClass: Thoth.Interception.Tests.Testing.ShopTools leads to Thoth.Interception.Tests.Testing.IShopTools, because "));
        Assert.That(failure.Split('\n').Count(text => text.Trim() == "find (Read)"), Is.Zero);
    }

    [Test]
    public void Verify_WithCoverageTurnedOff_Fails()
    {
        Approve(Shop);

        Assert.That(
            Fails(services => services.AddSingleton<IShopTools, ShopTools>().AddGovernedTools<IShopTools>(options => options.Coverage = ToolCoverage.Off)),
            Does.Contain("+ coverage of Thoth.Interception.Tests.Testing.IShopTools: Off"));
    }

    [Test]
    public void Verify_ShowsUngovernedMembersKeysAndOverloads()
    {
        var failure = Fails(services => services.AddKeyedSingleton<IMixed, Mixed>("eu\n").AddSingleton<IMixed, Mixed>()
            .AddGovernedTools<IMixed>());

        const string Of = "Thoth.Interception.Tests.Testing.ToolSurfaceTests.IMixed";
        Assert.That(failure.Split('\n')[1..^1], Is.EqualTo(new[]
        {
            "  Without governance",
            $"  + member {Of}.Ping(List<Thoth.Interception.Tests.Testing.ToolSurfaceTests.Mixed>)",
            $"  + member {Of}.get_Count()",
            "  get (Unspecified)",
            $"  + {Of}.Get(Int32[] ids)",
            $"  + {Of}.Get(Int32[] ids) [key \"eu\\n\"]",
            $"  + {Of}.Get<T>(T id)",
            $"  + {Of}.Get<T>(T id) [key \"eu\\n\"]",
        }));
    }

    [Test]
    public void Verify_IfTheReceivedFileCannotBeWritten_PutsItIntoTheMessage()
    {
        Directory.CreateDirectory(Received);

        var failure = Fails(Shop);

        Assert.That(failure, Does.Contain("cannot be written").And.Contain($"write this text to {Approved}:\n# What an agent can do"));
    }

    [Test]
    public void Verify_OfAnApplicationWithFakes_HasTheApplicationsTools()
    {
        Approve(Shop);

        Assert.That(
            () => Verify(services =>
            {
                Shop(services).AddSingleton<IShopTools>(new ShopTools());
                services.AddThothTesting();
                return services;
            }),
            Throws.Nothing);
    }

    [Test]
    public void Verify_WithoutThoth_SaysWhatToCall()
    {
        using var provider = new ServiceCollection().BuildServiceProvider();

        Assert.That(() => ToolSurface.Verify(provider, Approved), Throws.TypeOf<ThothAssertionException>().With.Message.Contains("AddGovernedTools"));
    }

    [Test]
    public void Verify_OfARelativePath_StartsAtTheCallingSourceFileOrElseAtTheOutput()
    {
        using var provider = Shop(new ServiceCollection()).BuildServiceProvider();
        var output = Path.Combine(AppContext.BaseDirectory, "shop.received.txt");

        Assert.That(
            () => ToolSurface.Verify(provider, "tools.approved.txt", Path.Combine(_folder.FullName, "Tests.cs")),
            Throws.TypeOf<ThothAssertionException>().With.Message.Contains(Approved));
        Assert.That(
            () => ToolSurface.Verify(provider, "shop.approved.txt", "/_/nowhere/Tests.cs"),
            Throws.TypeOf<ThothAssertionException>().With.Message.Contains(output));
        File.Delete(output);
    }

    [TestCase("/_/test/Thoth.Interception.Tests/Testing/ToolSurfaceTests.cs")]
    [TestCase("C:\\gone\\test\\Thoth.Interception.Tests\\Testing\\ToolSurfaceTests.cs")]
    public void Verify_AfterADeterministicBuild_FindsTheSourceFileAboveTheOutput(string callerFile)
    {
        using var provider = Shop(new ServiceCollection()).BuildServiceProvider();
        var folder = Path.Combine(Repository.Root, "test", "Thoth.Interception.Tests", "Testing");
        try
        {
            Assert.That(
                () => ToolSurface.Verify(provider, "none.approved.txt", callerFile),
                Throws.TypeOf<ThothAssertionException>().With.Message.Contains(Path.Combine(folder, "none.approved.txt")));
        }
        finally
        {
            File.Delete(Path.Combine(folder, "none.received.txt"));
        }
    }

    private static IServiceCollection Shop(IServiceCollection services) =>
        services.AddSingleton<IShopTools, ShopTools>().AddGovernedTools<IShopTools>();

    private void Approve(Func<IServiceCollection, IServiceCollection> register)
    {
        Fails(register);
        File.Move(Received, Approved);
    }

    private string Fails(Func<IServiceCollection, IServiceCollection> register) =>
        Assert.Throws<ThothAssertionException>(() => Verify(register))!.Message;

    private void Verify(Func<IServiceCollection, IServiceCollection> register)
    {
        using var provider = register(new ServiceCollection()).BuildServiceProvider();
        ToolSurface.Verify(provider, Approved);
    }

    public interface IBefore
    {
        void Pay(string order);
    }

    public interface IAfter
    {
        [GovernedTool(Action = ToolAction.Write)]
        void Pay(string order, int cents);

        [GovernedTool(Action = ToolAction.Delete)]
        void Delete(string order);
    }

    public interface IMixed
    {
        int Count { get; }

        string Get(int[] ids);

        string Get<T>(T id);

        [Ungoverned]
        void Ping(List<Mixed> others);
    }

    public sealed class Mixed : IMixed
    {
        public int Count => 0;

        public string Get(int[] ids) => "";

        public string Get<T>(T id) => "";

        public void Ping(List<Mixed> others)
        {
        }
    }

    private sealed class Tools : IBefore, IAfter
    {
        public void Pay(string order)
        {
        }

        public void Pay(string order, int cents)
        {
        }

        public void Delete(string order)
        {
        }
    }
}
