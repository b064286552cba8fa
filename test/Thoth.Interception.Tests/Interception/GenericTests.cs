using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Interception;

public class GenericTests
{
    public interface IConvertTools
    {
        T Echo<T>(T value);

        Task<TResult> ConvertAsync<TSource, TResult>(TSource source, Func<TSource, TResult> convert)
            where TSource : notnull;

        IEnumerable<T> Repeat<T>(T value, int count);

        IAsyncEnumerable<T> StreamAsync<T>(IReadOnlyList<T> values);

        bool TryGet<T>(string key, out T? value);
    }

    [Test]
    public async Task Call_SeveralClosings_EachHasItsOwnTypes()
    {
        await using var host = GovernedHost.For<IConvertTools>(new ConvertTools());
        var tools = host.Get<IConvertTools>();

        Assert.That((tools.Echo(1), tools.Echo("a"), tools.Echo<DayOfWeek?>(null), tools.Echo((2, "b"))), Is.EqualTo((1, "a", (DayOfWeek?)null, (2, "b"))));
        Assert.That(tools.Echo(new DateOnly(2026, 1, 1)), Is.EqualTo(new DateOnly(2026, 1, 1)));
        Assert.That(host.LastArguments, Is.EqualTo("""{"value":"2026-01-01"}"""));
        Assert.That(host.Enforcer.Requests, Has.Count.EqualTo(5));
        Assert.That(host.Enforcer.Requests.Select(request => request.ToolName), Is.All.EqualTo("echo"));
    }

    [Test]
    public async Task Call_EveryReturnType_IsGoverned()
    {
        await using var host = GovernedHost.For<IConvertTools>(new ConvertTools());
        var tools = host.Get<IConvertTools>();

        Assert.That(await tools.ConvertAsync(3, number => $"{number}"), Is.EqualTo("3"));
        Assert.That(tools.Repeat('x', 2).ToList(), Is.EqualTo(new[] { 'x', 'x' }));
        Assert.That(await tools.StreamAsync([1, 2]).ToListAsync(), Is.EqualTo(new[] { 1, 2 }));
        Assert.That(tools.TryGet<int>("k", out var number), Is.True);
        Assert.That(number, Is.Zero);
        Assert.That(await host.EventNamesAsync(), Has.Exactly(4).EqualTo("ToolCallPost/Post"));
    }

    [Test]
    public async Task Call_TypeArgumentIsATask_IsGovernedAsOne()
    {
        await using var host = GovernedHost.For<IConvertTools>(new ConvertTools());
        var work = new TaskCompletionSource<int>();

        var task = host.Get<IConvertTools>().Echo(work.Task);
        var before = await host.EventNamesAsync();
        work.SetResult(1);

        Assert.That(await task, Is.EqualTo(1));
        Assert.That(before, Is.EqualTo(["ToolCallPre/Pre"]));
        Assert.That(await host.EventNamesAsync(), Is.EqualTo(["ToolCallPre/Pre", "ToolCallPost/Post"]));
    }

    [Test]
    public async Task Call_TypeArgumentMakesAReturnTypeThatCannotBeGoverned_IsRefused()
    {
        var tools = new ConvertTools();
        await using var host = GovernedHost.For<IConvertTools>(tools);

        var exception = Assert.Throws<InvalidOperationException>(
            () => host.Get<IConvertTools>().Echo<IEnumerator<int>>(null!));

        Assert.That(exception!.Message, Is.EqualTo(
            $"'{typeof(IConvertTools)}.Echo' cannot be governed: it returns an enumerator, whose body would run after the call; " +
            "return the sequence instead, or mark it [Ungoverned]."));
        Assert.That(tools.Runs, Is.Zero);
    }

    private sealed class ConvertTools : IConvertTools
    {
        public int Runs { get; private set; }

        public T Echo<T>(T value)
        {
            Runs++;
            return value;
        }

        public async Task<TResult> ConvertAsync<TSource, TResult>(TSource source, Func<TSource, TResult> convert)
            where TSource : notnull
        {
            await Task.Yield();
            return convert(source);
        }

        public IEnumerable<T> Repeat<T>(T value, int count)
        {
            for (var i = 0; i < count; i++)
            {
                yield return value;
            }
        }

        public async IAsyncEnumerable<T> StreamAsync<T>(IReadOnlyList<T> values)
        {
            foreach (var value in values)
            {
                await Task.Yield();
                yield return value;
            }
        }

        public bool TryGet<T>(string key, out T? value)
        {
            value = default;
            return true;
        }
    }
}
