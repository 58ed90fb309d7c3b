/** A certificate for 127.0.0.1 that nobody vouches for, with its key, which protects nothing. */
export const SELF_SIGNED = {
  key: [
    '-----BEGIN PRIVATE KEY-----',
    'MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgTcC5l+bQAunAcKP+',
    'QnlHGBEo8EGuBwOkw7Bc7aLSHcmhRANCAASE70DFLBZj8CPFr2gA//0DC2JZUCtQ',
    'fZ6k09eOmDgqiLtvO7IBWURwbLn3sm2Smvh2S7FbFvr1/S+81rmOtgSU',
    '-----END PRIVATE KEY-----',
  ].join('\n'),
  cert: [
    '-----BEGIN CERTIFICATE-----',
    'MIIBkDCCATagAwIBAgIUHa452XqTmEd0ZrGXJUo6/PZR/D4wCgYIKoZIzj0EAwIw',
    'FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMDExMzc0N1oYDzIxMjYxMDI3',
    'MTEzNzQ3WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO',
    'PQMBBwNCAASE70DFLBZj8CPFr2gA//0DC2JZUCtQfZ6k09eOmDgqiLtvO7IBWURw',
    'bLn3sm2Smvh2S7FbFvr1/S+81rmOtgSUo2QwYjAdBgNVHQ4EFgQUd7pgnRa5YoB7',
    'O351SlI/GGXVvPMwHwYDVR0jBBgwFoAUd7pgnRa5YoB7O351SlI/GGXVvPMwDwYD',
    'VR0TAQH/BAUwAwEB/zAPBgNVHREECDAGhwR/AAABMAoGCCqGSM49BAMCA0gAMEUC',
    'IQDHuNg5Y4pH1GrrhKlQg+V/u5DjjAvUlCM9Bxr70ocEJQIgfpNCaC7RUnFXrVG6',
    '2vNSNLZe8IzczeR01XMC1wx6Urg=',
    '-----END CERTIFICATE-----',
  ].join('\n'),
};
