using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;

namespace Thoth.Interception.AspNetCore.Tests.HeldCalls;

/// <summary>Stands for a cache server that every machine reaches, such as Redis. It can be slow or down.</summary>
internal sealed class SharedCache : IDistributedCache
{
    private readonly MemoryDistributedCache _entries = new(Options.Create(new MemoryDistributedCacheOptions()));

    /// <summary>Gets or sets what runs before each write.</summary>
    public Func<string, Task> BeforeWrite { get; set; } = static _ => Task.CompletedTask;

    public byte[]? Get(string key) => _entries.Get(key);

    public Task<byte[]?> GetAsync(string key, CancellationToken token = default) => _entries.GetAsync(key, token);

    public void Set(string key, byte[] value, DistributedCacheEntryOptions options) => _entries.Set(key, value, options);

    public async Task SetAsync(string key, byte[] value, DistributedCacheEntryOptions options, CancellationToken token = default)
    {
        await BeforeWrite(key);
        await _entries.SetAsync(key, value, options, token);
    }

    public void Refresh(string key) => _entries.Refresh(key);

    public Task RefreshAsync(string key, CancellationToken token = default) => _entries.RefreshAsync(key, token);

    public void Remove(string key) => _entries.Remove(key);

    public Task RemoveAsync(string key, CancellationToken token = default) => _entries.RemoveAsync(key, token);
}
