import { decodeVideo } from './decodeVideo.ts';
import { VideoPort } from './videoPort.ts';

addEventListener('message', ({ source, data, ports: [port] }) => {
  if (source !== window || data !== 'keyslice:video-port' || port === undefined) return;
  void decodeVideo(new VideoPort(port));
});
