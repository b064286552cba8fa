using Microsoft.Extensions.DependencyInjection;
using Thoth.Interception.DependencyInjection;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Coverage;

/// <summary>The services of the coverage tests, and one run of the check over them.</summary>
public static class CoverageCases
{
    public interface IReader
    {
        string Read(string path);
    }

    public interface IDocumentTools : IReader
    {
        string Write(string path);
    }

    public interface IMoreDocumentTools : IDocumentTools;

    public interface IAdministration
    {
        void Reset();
    }

    public interface IMarker;

    public interface IMailTools
    {
        string Send(string to);
    }

    public interface IStoreTools<T>
    {
        T Put(T item);
    }

    public interface ISourceTools<out T>
    {
        T Next();
    }

    /// <summary>Governs the documents tools, registered by their class, between two steps.</summary>
    public static IReadOnlyList<CoverageFinding> Check(
        Action<IServiceCollection> after, Action<GovernedToolsOptions>? govern = null, Action<IServiceCollection>? before = null) =>
        CheckAll(services =>
        {
            services.AddSingleton<IDocumentTools, Documents>();
            before?.Invoke(services);
            services.AddGovernedTools<IDocumentTools>(govern);
            after(services);
        });

    public static IReadOnlyList<CoverageFinding> CheckAll(Action<IServiceCollection> add)
    {
        using var provider = Build(add);
        return provider.GetRequiredService<IToolCatalog>().Findings;
    }

    public static ServiceProvider Build(Action<IServiceCollection> add)
    {
        var services = new ServiceCollection();
        AddTo(services, add);
        return services.BuildServiceProvider();
    }

    public static void AddTo(IServiceCollection services, Action<IServiceCollection> add)
    {
        services.AddSingleton(new ThothEnvironment(_ => null));
        services.AddThoth(options => (options.TenantId, options.AgentId) = ("acme", "agent"))
            .UseEnforcer(new ScriptedEnforcer()).AddEventSink(new InMemoryEventSink());
        add(services);
    }

    public class Documents : IDocumentTools, IAdministration, IMarker, IDisposable
    {
        public string Read(string path) => $"read {path}";

        public string Write(string path) => $"wrote {path}";

        public void Reset()
        {
        }

        public void Dispose()
        {
        }
    }

    public sealed class MoreDocuments : Documents, IMoreDocumentTools;

    public sealed class OtherReader : IReader
    {
        public string Read(string path) => "other";
    }

    public sealed class OtherAdministration : IAdministration, IMarker, IDisposable
    {
        public void Reset()
        {
        }

        public void Dispose()
        {
        }
    }

    public sealed class Mail(IDocumentTools documents) : IMailTools
    {
        public string Send(string to) => documents.Read(to);
    }

    public sealed class Store<T> : IStoreTools<T>
    {
        public T Put(T item) => item;
    }

    public sealed class ClassStore<T> : IStoreTools<T>
        where T : class
    {
        public T Put(T item) => item;
    }

    public sealed class Strings : ISourceTools<string>
    {
        public string Next() => "";
    }

    public sealed class Objects : ISourceTools<object>
    {
        public object Next() => "";
    }
}
