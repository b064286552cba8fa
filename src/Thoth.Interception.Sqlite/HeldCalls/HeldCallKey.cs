using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Thoth.Interception.Sqlite.Storage;

namespace Thoth.Interception.Sqlite.HeldCalls;

/// <summary>
/// Encrypts held calls with AES-256-GCM and a key of its own file, so that a copy of the database alone has no hold token. A call is
/// bound to its id and version: no row can be put in the place of another. Thread-safe.
/// </summary>
/// <param name="path">The key file. It is created if it is missing, readable by its owner alone.</param>
/// <param name="logger">Logs that the key was created.</param>
internal sealed class HeldCallKey(string path, ILogger logger)
{
    private const byte Format = 1;
    private const int KeySize = 32;
    private const int NonceSize = 12;
    private const int TagSize = 16;

    private readonly Lock _lock = new();
    private byte[]? _key;

    /// <exception cref="OutboxException">The key cannot be read or created.</exception>
    public byte[] Protect(ReadOnlySpan<byte> plain, string id, int version)
    {
        var result = new byte[1 + NonceSize + TagSize + plain.Length];
        result[0] = Format;
        var nonce = result.AsSpan(1, NonceSize);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(Key(), TagSize);
        aes.Encrypt(nonce, plain, result.AsSpan(1 + NonceSize + TagSize), result.AsSpan(1 + NonceSize, TagSize), Context(id, version));
        return result;
    }

    /// <returns><see langword="null"/> if the call was not encrypted with this key for this id and version.</returns>
    /// <exception cref="OutboxException">The key cannot be read or created.</exception>
    public byte[]? Unprotect(ReadOnlySpan<byte> stored, string id, int version)
    {
        if (stored.Length < 1 + NonceSize + TagSize || stored[0] != Format)
        {
            return null;
        }

        var plain = new byte[stored.Length - 1 - NonceSize - TagSize];
        using var aes = new AesGcm(Key(), TagSize);
        try
        {
            aes.Decrypt(stored.Slice(1, NonceSize), stored[(1 + NonceSize + TagSize)..], stored.Slice(1 + NonceSize, TagSize), plain, Context(id, version));
            return plain;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    private static byte[] Context(string id, int version)
    {
        var context = new byte[sizeof(int) + Encoding.UTF8.GetByteCount(id)];
        BinaryPrimitives.WriteInt32LittleEndian(context, version);
        Encoding.UTF8.GetBytes(id, context.AsSpan(sizeof(int)));
        return context;
    }

    private byte[] Key()
    {
        lock (_lock)
        {
            return _key ??= Load();
        }
    }

    private byte[] Load()
    {
        try
        {
            if (!File.Exists(path))
            {
                Create();
            }

            var key = File.ReadAllBytes(path);
            return key.Length == KeySize
                ? key
                : throw new OutboxException(
                    OutboxFailure.Unreadable, $"The key file '{path}' does not have {KeySize} bytes. Restore it, or delete it: calls that are held then cannot be resumed.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new OutboxException(
                OutboxFailure.NotWritable, $"The key file '{path}' cannot be read or created. Check that its folder exists and that this process may write there.", exception);
        }
    }

    /// <summary>Creates the key under another name first: a file of this name always has a whole key.</summary>
    private void Create()
    {
        var fresh = $"{path}.{Guid.NewGuid():N}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OutboxFile.OwnerOnly;
        }

        try
        {
            using (var file = new FileStream(fresh, options))
            {
                file.Write(RandomNumberGenerator.GetBytes(KeySize));
                file.Flush(flushToDisk: true);
            }

            File.Move(fresh, path, overwrite: false);
            OutboxLog.KeyCreated(logger, path);
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another process created the key.
        }
        finally
        {
            File.Delete(fresh);
        }
    }
}
