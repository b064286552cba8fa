namespace Thoth.Interception.LoadTests;

/// <summary>Something whose calls are counted: the governed tool, or the bare client that posts the same bytes.</summary>
internal interface ICaller : IAsyncDisposable
{
    Task CallAsync(int number);

    /// <summary>Completes when every event of the calls so far has been delivered.</summary>
    Task DrainAsync();
}
